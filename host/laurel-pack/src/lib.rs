//! Turns a core WebAssembly module and a `plugin.toml` into a Laurel plugin: one component.
//!
//! A Rust guest for `wasm32-unknown-unknown` leaves the compiler as a *core module*. Laurel loads *components*. This
//! crate does what lies between, and nothing else: no files, no processes, no clock. `cargo xtask plugins` uses it for the
//! official plugins and `laurel plugin build` for everybody's.
//!
//! ```text
//! rustc ──core module──> pack ──component──> append "laurel:manifest" ──> validate ──> NAME.wasm
//! ```
//!
//! The same input always gives the same bytes.
//!
//! ```
//! # fn example(core: &[u8], plugin_toml: &str) -> Result<(), laurel_pack::PackError> {
//! let component = laurel_pack::pack(core, plugin_toml)?;
//! assert_eq!(laurel_pack::manifest(&component)?, Some(plugin_toml));
//! # Ok(())
//! # }
//! ```

mod component;
mod error;
mod guest;
mod section;

pub use component::pack;
pub use error::PackError;
pub use guest::{LINK_ARGS, TARGET, encoded_rustflags};
pub use section::{MANIFEST_SECTION, embed, manifest};
