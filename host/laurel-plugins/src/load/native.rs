//! The one place where machine code enters the process.
//!
//! `Component::deserialize` runs whatever it is given, so its bytes must come from our own compiler. They do: [`Native`] can only
//! be made from what the compiler has just returned, or from a cache file whose MAC, under a key that only this installation has,
//! was verified over the very bytes that are then loaded (not over a file that could change in between).

use wasmtime::Engine;
use wasmtime::component::Component;

/// Machine code of one component that our compiler made.
pub(super) struct Native(Vec<u8>);

impl Native {
    /// Of the compiler's own output.
    pub(super) fn compiled(code: Vec<u8>) -> Self {
        Self(code)
    }

    /// Of a cache entry, `verified` being the part of the file that its MAC covers.
    pub(super) fn cached(verified: Vec<u8>) -> Self {
        Self(verified)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Maps the code. An engine of another version or with other settings refuses it by itself; so does a pool that is too small.
    #[expect(unsafe_code, reason = "compiled code can only be loaded this way; see the module's documentation")]
    pub(super) fn load(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: the bytes were produced by `Engine::precompile_component` in this installation; see the module's documentation.
        unsafe { Component::deserialize(engine, &self.0) }
    }
}
