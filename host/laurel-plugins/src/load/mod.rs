//! From bytes to a plugin that can be called, or the reason why not.

mod cache;
mod compile;
pub(crate) mod manifest;
mod native;
mod surface;

use std::io;
use std::path::Path;

use laurel_core::plugins::{LoadError, Manifest, PluginDigest};
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::engine::{self, Size};
use crate::limits::MAX_COMPONENT;
use cache::CodeCache;
pub use compile::{Compiler, compile_in_child};
pub use manifest::MANIFEST_SECTION;
pub(crate) use surface::Surface;

/// A component that was read and found honest, but not compiled.
#[derive(Debug)]
pub struct Inspected {
    /// SHA-256 of the bytes.
    pub digest: PluginDigest,
    /// What it says of itself.
    pub manifest: Manifest,
    pub(crate) surface: Surface,
}

/// Reads the manifest and compares it with what the component really imports and exports. Runs nothing and compiles nothing.
pub fn inspect(component: &[u8]) -> Result<Inspected, LoadError> {
    if component.len() > MAX_COMPONENT {
        return Err(LoadError::TooLarge { size: component.len(), limit: MAX_COMPONENT });
    }
    if !component.starts_with(b"\0asm") {
        return Err(LoadError::NotAComponent("it does not begin like WebAssembly".to_owned()));
    }
    let surface = surface::read(component)?;
    let manifest = manifest::parse(manifest::embedded(component)?)?;
    surface.agrees_with(&manifest)?;
    Ok(Inspected { digest: PluginDigest(Sha256::digest(component).into()), manifest, surface })
}

/// Compiles, or finds what was compiled before.
#[derive(Debug)]
pub(crate) struct Loader {
    small: Engine,
    large: Option<Engine>,
    compiler: Compiler,
    cache: Option<CodeCache>,
}

impl Loader {
    pub(crate) fn new(compiler: Compiler, allow_large: bool) -> wasmtime::Result<Self> {
        let large = allow_large.then(|| engine::running(Size::Large)).transpose()?;
        Ok(Self { small: engine::running(Size::Small)?, large, compiler, cache: None })
    }

    pub(crate) fn with_cache(mut self, directory: &Path, key: &[u8; 32]) -> io::Result<Self> {
        self.cache = Some(CodeCache::open(directory, key)?);
        Ok(self)
    }

    pub(crate) fn engines(&self) -> impl Iterator<Item = &Engine> {
        self.pools().map(|(_, engine)| engine)
    }

    fn pools(&self) -> impl Iterator<Item = (Size, &Engine)> {
        std::iter::once((Size::Small, &self.small)).chain(self.large.iter().map(|engine| (Size::Large, engine)))
    }

    /// The component in the smallest pool that holds it. Takes up to seconds: never on an asynchronous worker.
    pub(crate) fn load(&self, digest: PluginDigest, component: &[u8]) -> Result<(Size, Component), LoadError> {
        if let Some(found) = self.pools().find_map(|(size, engine)| self.cached(digest, size, engine)) {
            return Ok(found);
        }
        let mut tried = self.pools().map(|(size, engine)| self.compile(digest, size, engine, component));
        let small = tried.next().unwrap_or_else(|| Err(LoadError::Compile("there is no pool".to_owned())));
        // A pool's limits show as errors. Of two errors the larger pool's counts: there the smaller one's limits were no reason.
        small.or_else(|small| tried.next().unwrap_or(Err(small)))
    }

    fn cached(&self, digest: PluginDigest, size: Size, engine: &Engine) -> Option<(Size, Component)> {
        let component = self.cache.as_ref()?.get(digest, size, engine)?.load(engine).ok()?;
        Some((size, component))
    }

    fn compile(
        &self,
        digest: PluginDigest,
        size: Size,
        engine: &Engine,
        component: &[u8],
    ) -> Result<(Size, Component), LoadError> {
        let native = self.compiler.compile(size, component)?;
        let loaded = native.load(engine).map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        if let Some(cache) = &self.cache
            && let Err(error) = cache.put(digest, size, engine, &native)
        {
            // The plugin works; only the next start will be slower.
            tracing::warn!(plugin = %digest, %error, "compiled code cannot be kept");
        }
        Ok((size, loaded))
    }
}
