use thiserror::Error;

use crate::{MANIFEST_SECTION, TARGET};

/// Why a plugin could not be packed. Every message says what to change.
#[derive(Debug, Error)]
pub enum PackError {
    /// The bytes are not WebAssembly, or damaged.
    #[error("not a readable WebAssembly file: {0}")]
    Unreadable(#[source] wasmparser::BinaryReaderError),

    /// A component was given where a core module is expected.
    #[error(
        "this is a component already: pass the core module that rustc wrote for {TARGET}, or embed the manifest only"
    )]
    AlreadyComponent,

    /// A core module was given where a component is expected.
    #[error("this is a core module, not a component: build it with `laurel plugin build` or `cargo xtask plugins`")]
    NotComponent,

    /// `wit-component` refused the module: usually an import that no interface of `wit/` declares.
    #[error(
        "the module cannot become a component: {0}. Build for {TARGET} without WASI, and let `register!` declare the interfaces"
    )]
    Encode(String),

    /// The component would export nothing, so no host could call it.
    #[error("the module exports no plugin interface: call `laurel_plugin::register!` in the crate's root")]
    NoExports,

    /// The component imports something that is not Laurel's.
    #[error("the plugin imports `{0}`, which Laurel does not offer: only `laurel:plugin/…` interfaces can be imported")]
    ForeignImport(String),

    /// The manifest compiled into the module is not the `plugin.toml` beside it.
    #[error("the manifest inside the module differs from plugin.toml: build the crate again")]
    StaleManifest,

    /// There is nothing to embed.
    #[error("the manifest is empty: write a plugin.toml")]
    EmptyManifest,

    /// Two sections claim to be the manifest.
    #[error("the component has more than one `{MANIFEST_SECTION}` section")]
    ManifestTwice,

    /// The section is there but it is not text.
    #[error("the `{MANIFEST_SECTION}` section is not UTF-8 text")]
    ManifestNotText,

    /// The finished component is not valid. This is a defect of this crate or of the compiler.
    #[error("the packed component does not validate: {0}")]
    Invalid(#[source] wasmparser::BinaryReaderError),
}
