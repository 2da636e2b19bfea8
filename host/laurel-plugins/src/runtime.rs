//! The core's [`Sandbox`] port: loaded plugins by digest.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use laurel_core::id::InstallationId;
use laurel_core::plugins::{
    CallContext, CallError, Checked, CriteriaEvent, Evaluated, HookRequest, Limits as Asked, LoadError, Manifest,
    Outbound, PluginDigest, Reception, Refusal, Sandbox,
};

use crate::call::Services;
use crate::capability::keys::KeySets;
use crate::capability::log::{Level, Log};
use crate::engine::Ticker;
use crate::limits::Ceiling;
use crate::load::{Compiler, Loader, inspect};
use crate::plugin::{House, Plugin, Policy};

/// What the operator decides.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where components are compiled.
    pub compiler: Compiler,
    /// Where compiled code is kept; none compiles at every start.
    pub cache: Option<Cache>,
    /// Whether plugins may live in the large pool when the small one does not hold them.
    pub allow_large: bool,
    /// How far a manifest can raise its own limits.
    pub ceiling: Ceiling,
    /// Limits by plugin name; they count more than the manifest's.
    pub limits: HashMap<String, Asked>,
}

/// A directory for compiled code.
#[derive(Clone)]
pub struct Cache {
    /// Its path; made if missing, readable for this user only.
    pub directory: PathBuf,
    /// Secret of this installation, random, the same at every start: only files with a MAC under it are ever loaded.
    pub key: [u8; 32],
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("directory", &self.directory).finish_non_exhaustive()
    }
}

/// Why there is no runtime.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The machine does not give what the pools need, usually address space.
    #[error("the sandbox cannot start: {0:#}. It reserves address space: lift `ulimit -v`")]
    Engine(wasmtime::Error),
    /// The cache cannot be used.
    #[error("the code cache {directory} cannot be used: {error}")]
    Cache {
        /// Where.
        directory: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No thread for the epochs.
    #[error("the thread that limits plugins' time cannot start: {0}")]
    Ticker(io::Error),
}

/// Where plugins run.
#[derive(Debug)]
pub struct Runtime {
    loader: Arc<Loader>,
    house: House,
    ceiling: Ceiling,
    limits: HashMap<String, Asked>,
    plugins: RwLock<HashMap<PluginDigest, Arc<Plugin>>>,
    _ticker: Ticker,
}

impl Runtime {
    /// Makes the engines and starts their clock. `outbound` is the way out of `http` and of key sets behind addresses.
    pub fn new(settings: Settings, outbound: Arc<dyn Outbound>) -> Result<Self, StartError> {
        let mut loader = Loader::new(settings.compiler, settings.allow_large).map_err(StartError::Engine)?;
        if let Some(Cache { directory, key }) = settings.cache {
            loader = loader.with_cache(&directory, &key).map_err(|error| StartError::Cache { directory, error })?;
        }
        let ticker = Ticker::start(loader.engines().cloned().collect()).map_err(StartError::Ticker)?;
        let services = Services { key_sets: KeySets::new(Arc::clone(&outbound)), outbound };
        Ok(Self {
            loader: Arc::new(loader),
            house: House::new(services),
            ceiling: settings.ceiling,
            limits: settings.limits,
            plugins: RwLock::default(),
            _ticker: ticker,
        })
    }

    /// A loaded plugin.
    pub fn plugin(&self, digest: PluginDigest) -> Option<Arc<Plugin>> {
        // Nobody panics while holding the lock; if somebody did, the map is whole all the same.
        self.plugins.read().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned()
    }

    /// Forgets a plugin. Calls that are under way end as they would have.
    pub fn unload(&self, digest: PluginDigest) {
        self.plugins.write().unwrap_or_else(PoisonError::into_inner).remove(&digest);
    }

    /// Reads, checks, compiles, links and tries a component. Loading the same bytes again is cheap.
    pub async fn load(&self, component: &[u8]) -> Result<Arc<Plugin>, LoadError> {
        let inspected = inspect(component)?;
        if let Some(loaded) = self.plugin(inspected.digest) {
            return Ok(loaded);
        }
        let (loader, digest, bytes) = (Arc::clone(&self.loader), inspected.digest, component.to_vec());
        let compiled = tokio::task::spawn_blocking(move || loader.load(digest, &bytes)).await;
        let compiled = compiled.map_err(|error| LoadError::Compile(format!("the compiler failed: {error}")))??;
        let overrides = self.limits.get(&inspected.manifest.name).copied().unwrap_or_default();
        let policy = Policy { ceiling: self.ceiling, overrides };
        let plugin = Arc::new(Plugin::link(inspected, compiled, policy, self.house.clone()).await?);
        let mut plugins = self.plugins.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(plugins.entry(digest).or_insert(plugin)))
    }

    fn loaded(&self, digest: PluginDigest) -> Result<Arc<Plugin>, CallError> {
        self.plugin(digest).ok_or(CallError::NotLoaded(digest))
    }
}

#[async_trait]
impl Sandbox for Runtime {
    async fn load(&self, component: &[u8]) -> Result<(PluginDigest, Manifest), LoadError> {
        let plugin = Self::load(self, component).await?;
        Ok((plugin.digest(), plugin.manifest().clone()))
    }

    fn is_loaded(&self, plugin: PluginDigest) -> bool {
        self.plugin(plugin).is_some()
    }

    fn check(&self, plugin: PluginDigest, settings: &str) -> Result<Checked, CallError> {
        let plugin = self.loaded(plugin)?;
        let called = plugin.check(settings);
        publish(&plugin, None, &called.log);
        called.answer
    }

    fn evaluate(
        &self,
        plugin: PluginDigest,
        settings: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> Result<Evaluated, CallError> {
        let plugin = self.loaded(plugin)?;
        let called = plugin.evaluate(settings, state, events);
        publish(&plugin, None, &called.log);
        Ok(Evaluated { outcome: called.answer?, fuel: called.fuel })
    }

    async fn receive(
        &self,
        plugin: PluginDigest,
        context: &CallContext,
        request: &HookRequest,
    ) -> Result<Result<Reception, Refusal>, CallError> {
        let plugin = self.loaded(plugin)?;
        let called = plugin.receive(context, request).await;
        publish(&plugin, context.installation, &called.log);
        called.answer
    }
}

/// Hands a plugin's lines to the host's own log, after the call, so that writing them is not the plugin's time.
fn publish(plugin: &Plugin, installation: Option<InstallationId>, log: &Log) {
    let name = plugin.manifest().name.as_str();
    let installation = installation.map(tracing::field::debug);
    for line in &log.lines {
        let message = line.message.as_str();
        match line.level {
            Level::Debug => tracing::debug!(target: "laurel::plugin", plugin = name, installation, "{message}"),
            Level::Info => tracing::info!(target: "laurel::plugin", plugin = name, installation, "{message}"),
            Level::Warn => tracing::warn!(target: "laurel::plugin", plugin = name, installation, "{message}"),
            Level::Error => tracing::error!(target: "laurel::plugin", plugin = name, installation, "{message}"),
        }
    }
    if log.dropped > 0 {
        tracing::warn!(target: "laurel::plugin", plugin = name, installation, dropped = log.dropped, "too many lines in one call");
    }
}
