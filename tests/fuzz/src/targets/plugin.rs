//! A plugin's file before it is compiled: the two readers of its manifest find the same one, and nothing in it breaks them.

use wasm_encoder::{Component, Module, ModuleSection, RawSection};

use crate::Target;

/// Private to its crate, which would bring the whole sandbox along, so compiled in here.
#[path = "../../../../host/laurel-plugins/src/load/manifest.rs"]
#[allow(dead_code, unreachable_pub, reason = "only what reads is wanted")]
mod load;

pub(super) const TARGET: Target = Target {
    name: "plugin",
    reads: "a WebAssembly component, or the text of its manifest",
    run,
    seeds,
    words: &[
        "\0asm\r\0\u{1}\0",
        "\0asm\u{1}\0\0\0",
        "laurel:manifest",
        "name = \"a\"\n",
        "version = \"1.0.0\"\n",
        "interfaces = [\"hook\"]\n",
        "capabilities = [\"log\"]\n",
        "kinds = [\"*\"]\n",
        "hosts = [\"a.example\"]\n",
        "settings-schema = '{}'\n",
        "[limits]\n",
        "[[secrets]]\n",
        "fuel = 1\n",
        "'''",
        "\"\"\"",
        "\\u0000",
        "1e999",
        "1979-05-27",
    ],
    tries: 4000,
};

const MANIFEST: &str = "name = \"canvas\"\nversion = \"0.1.0\"\npublisher = \"Laurel\"\ndescription = \"Live Events\"\ninterfaces = [\"hook\"]\n\
    capabilities = [\"log\", \"keys\"]\nkinds = [\"course.completed\"]\nsettings-schema = '{\"type\":\"object\"}'\n[[secrets]]\nname = \"key\"\n\
    description = \"of the developer\"\n[limits]\nfuel = 1000\n";

fn run(bytes: &[u8]) {
    let packed = laurel_pack::manifest(bytes);
    let loaded = load::embedded(bytes);
    if let (Ok(Some(packed)), Ok(loaded)) = (&packed, &loaded) {
        assert_eq!(packed, loaded);
    }
    // What `laurel plugin build` would refuse to read, the host does not load.
    assert!(packed.is_ok() || loaded.is_err(), "{packed:?}");
    let text = loaded.ok().or_else(|| std::str::from_utf8(bytes).ok());
    let Some(text) = text else { return };
    let _ = load::parse(text);
    if let Ok(component) = laurel_pack::embed(&Component::new().finish(), text) {
        assert_eq!(laurel_pack::manifest(&component).ok().flatten(), Some(text));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let with = |component: Component| laurel_pack::embed(&component.finish(), MANIFEST).unwrap_or_default();
    let mut nested = Component::new();
    nested.section(&ModuleSection(&Module::new()));
    let mut inner = Component::new();
    inner.section(&RawSection { id: 4, data: &Component::new().finish() });
    vec![MANIFEST.into(), with(Component::new()), with(nested), with(inner)]
}
