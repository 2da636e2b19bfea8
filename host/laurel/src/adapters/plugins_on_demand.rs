//! Where plugins run, and where those come from that this process has not loaded yet.
//!
//! With several hosts a plugin is uploaded to one and called on all. So a call of a plugin that is not loaded here fetches the
//! component from the store, loads it, and is made once more; whoever calls notices nothing but the delay.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use laurel_core::plugins::{
    CallContext, CallError, Checked, CriteriaEvent, Evaluated, HookRequest, LoadError, Manifest, PluginDigest,
    Reception, Refusal, Sandbox,
};
use laurel_core::store::{Store, StoreError};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

/// How long a plugin that could not be loaded is left alone.
const REST: Duration = Duration::from_secs(30);
/// The store may be away for a moment; a rule must not stop for that.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// A sandbox that loads from the store what it is asked to call.
pub(crate) struct PluginsOnDemand {
    sandbox: Arc<dyn Sandbox>,
    store: Arc<dyn Store>,
    runtime: Handle,
    /// One load at a time: the others that wait for the same plugin find it loaded.
    loading: Mutex<()>,
    failed: StdMutex<HashMap<PluginDigest, Instant>>,
}

impl PluginsOnDemand {
    /// Over the real sandbox. `runtime` must have more than one thread.
    pub(crate) fn new(sandbox: Arc<dyn Sandbox>, store: Arc<dyn Store>, runtime: Handle) -> Self {
        Self { sandbox, store, runtime, loading: Mutex::default(), failed: StdMutex::default() }
    }

    /// Loads every plugin of the store, and records which of them are broken here. None of them keeps the host from starting.
    pub(crate) async fn load_all(&self) -> Result<(), StoreError> {
        for plugin in self.store.plugins().await? {
            if !self.sandbox.is_loaded(plugin.digest) && !self.load_from_store(plugin.digest).await {
                tracing::error!(plugin = %plugin.digest, name = plugin.manifest.name, "starting without this plugin");
            }
        }
        Ok(())
    }

    /// Whether the plugin can be called now.
    async fn fetch(&self, plugin: PluginDigest) -> bool {
        let _turn = self.loading.lock().await;
        if self.sandbox.is_loaded(plugin) {
            return true;
        }
        let rests = |failed: &Instant| failed.elapsed() < REST;
        if self.failed.lock().unwrap_or_else(PoisonError::into_inner).get(&plugin).is_some_and(rests) {
            return false;
        }
        let loaded = self.load_from_store(plugin).await;
        if !loaded {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(plugin, Instant::now());
        }
        loaded
    }

    async fn load_from_store(&self, plugin: PluginDigest) -> bool {
        let component = match self.component(plugin).await {
            Ok(Some(component)) => component,
            Ok(None) => return false,
            Err(error) => {
                tracing::error!(%plugin, %error, "a plugin cannot be fetched from the store");
                return false;
            }
        };
        let broken = match self.sandbox.load(&component).await {
            Ok((digest, manifest)) if digest == plugin => {
                tracing::info!(%plugin, name = manifest.name, version = manifest.version, "plugin loaded");
                None
            }
            Ok((digest, _)) => Some(format!("the stored component is another one ({digest})")),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = &broken {
            tracing::error!(%plugin, why, "a plugin is broken");
        }
        if let Err(error) = self.store.set_plugin_broken(plugin, broken.as_deref()).await {
            tracing::warn!(%plugin, %error, "whether the plugin is broken could not be recorded");
        }
        broken.is_none()
    }

    async fn component(&self, plugin: PluginDigest) -> Result<Option<Vec<u8>>, StoreError> {
        for _ in 1..ATTEMPTS {
            if let Ok(found) = self.store.component(plugin).await {
                return Ok(found);
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.store.component(plugin).await
    }

    /// [`Self::fetch`] for a call that blocks, from whatever thread it comes.
    fn fetch_blocking(&self, plugin: PluginDigest) -> bool {
        tokio::task::block_in_place(|| self.runtime.block_on(self.fetch(plugin)))
    }

    fn call<T>(&self, plugin: PluginDigest, call: impl Fn() -> Result<T, CallError>) -> Result<T, CallError> {
        match call() {
            Err(CallError::NotLoaded(_)) if self.fetch_blocking(plugin) => call(),
            answer => answer,
        }
    }
}

impl fmt::Debug for PluginsOnDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginsOnDemand").finish_non_exhaustive()
    }
}

#[async_trait]
impl Sandbox for PluginsOnDemand {
    async fn load(&self, component: &[u8]) -> Result<(PluginDigest, Manifest), LoadError> {
        self.sandbox.load(component).await
    }

    fn is_loaded(&self, plugin: PluginDigest) -> bool {
        self.sandbox.is_loaded(plugin)
    }

    fn check(&self, plugin: PluginDigest, settings: &str) -> Result<Checked, CallError> {
        self.call(plugin, || self.sandbox.check(plugin, settings))
    }

    fn evaluate(
        &self,
        plugin: PluginDigest,
        settings: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> Result<Evaluated, CallError> {
        self.call(plugin, || self.sandbox.evaluate(plugin, settings, state, events))
    }

    async fn receive(
        &self,
        plugin: PluginDigest,
        context: &CallContext,
        request: &HookRequest,
    ) -> Result<Result<Reception, Refusal>, CallError> {
        match self.sandbox.receive(plugin, context, request).await {
            Err(CallError::NotLoaded(_)) if self.fetch(plugin).await => {
                self.sandbox.receive(plugin, context, request).await
            }
            answer => answer,
        }
    }
}
