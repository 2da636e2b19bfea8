//! From core module to component.

use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wit_component::ComponentEncoder;

use crate::PackError;
use crate::section::{embed, manifest, top_level};

/// Imports a packed plugin may have: the interfaces of `wit/`, of any version.
const OWN_INTERFACES: &str = "laurel:plugin/";

/// Wraps `core` into a component and embeds `plugin_toml` as its manifest.
///
/// `core` is what rustc wrote for [`TARGET`](crate::TARGET); it says by itself (in the sections that `register!` leaves)
/// which interfaces it exports and imports. If it also carries a manifest, that one must be `plugin_toml`, byte for byte:
/// otherwise the module is older than the file. No WASI adapter is added, and an import that is not Laurel's is an error.
pub fn pack(core: &[u8], plugin_toml: &str) -> Result<Vec<u8>, PackError> {
    if Parser::is_component(core) {
        return Err(PackError::AlreadyComponent);
    }
    if manifest(core)?.is_some_and(|compiled_in| compiled_in != plugin_toml) {
        return Err(PackError::StaleManifest);
    }
    let bare = ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| PackError::Encode(format!("{error:#}")))?;
    check_surface(&bare)?;
    let component = embed(&bare, plugin_toml)?;
    Validator::new_with_features(WasmFeatures::default()).validate_all(&component).map_err(PackError::Invalid)?;
    Ok(component)
}

/// Something must be exported, and nothing foreign imported.
fn check_surface(component: &[u8]) -> Result<(), PackError> {
    let mut exports = 0;
    for payload in top_level(component) {
        match payload? {
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    let name = import.map_err(PackError::Unreadable)?.name.name;
                    if !name.starts_with(OWN_INTERFACES) {
                        return Err(PackError::ForeignImport(name.to_owned()));
                    }
                }
            }
            Payload::ComponentExportSection(section) => exports += section.count(),
            _ => {}
        }
    }
    if exports == 0 { Err(PackError::NoExports) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Section};
    use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
    use wit_parser::{ManglingAndAbi, Resolve};

    use super::*;
    use crate::{MANIFEST_SECTION, manifest};

    const WIT: &str = "
        package laurel:plugin@0.1.0;
        interface log { write: func(line: string); }
        interface criteria { check: func(settings: string) -> result<_, string>; }
        world plugin { import log; export criteria; }
        world idle { import log; }
        world stray { import other:thing/clock; export criteria; }
        package other:thing { interface clock { now: func() -> u64; } }
    ";
    const MANIFEST: &str = "name = \"sample\"\nversion = \"1.0.0\"\n";

    fn core(world: &str) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("sample.wit", WIT).unwrap();
        let world = resolve.select_world(&[package], Some(world)).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        module
    }

    #[test]
    fn a_module_becomes_a_valid_component_with_its_manifest() {
        let component = pack(&core("plugin"), MANIFEST).unwrap();
        assert!(Parser::is_component(&component));
        assert_eq!(manifest(&component).unwrap(), Some(MANIFEST));
    }

    #[test]
    fn packing_twice_gives_the_same_bytes() {
        let core = core("plugin");
        assert_eq!(pack(&core, MANIFEST).unwrap(), pack(&core, MANIFEST).unwrap());
    }

    #[test]
    fn a_compiled_in_manifest_must_be_the_file() {
        let mut module = core("plugin");
        CustomSection { name: MANIFEST_SECTION.into(), data: MANIFEST.as_bytes().into() }.append_to(&mut module);
        assert!(pack(&module, MANIFEST).is_ok());
        assert!(matches!(pack(&module, "name = \"newer\""), Err(PackError::StaleManifest)));
    }

    #[test]
    fn what_laurel_does_not_offer_cannot_be_imported() {
        let error = pack(&core("stray"), MANIFEST).unwrap_err();
        assert!(matches!(&error, PackError::ForeignImport(name) if name == "other:thing/clock"), "{error}");
    }

    #[test]
    fn a_plugin_without_exports_is_told_about_register() {
        let error = pack(&core("idle"), MANIFEST).unwrap_err();
        assert!(error.to_string().contains("register!"), "{error}");
    }

    #[test]
    fn undeclared_core_imports_are_refused() {
        let wasi = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x0c\x01\x04wasi\x03now\0\0";
        assert!(matches!(pack(wasi, MANIFEST), Err(PackError::Encode(_))));
    }

    #[test]
    fn a_component_is_not_packed_again() {
        let component = pack(&core("plugin"), MANIFEST).unwrap();
        assert!(matches!(pack(&component, MANIFEST), Err(PackError::AlreadyComponent)));
    }
}
