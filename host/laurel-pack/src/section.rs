//! The manifest's custom section.
//!
//! Only a section of the *component itself* counts. Parsers also hand out the sections of the modules nested inside, where a
//! guest could put a second, friendlier manifest; so depth is tracked and everything below the top is ignored.

use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};

use crate::PackError;

/// Name of the custom section that holds the text of `plugin.toml`.
pub const MANIFEST_SECTION: &str = "laurel:manifest";

/// The manifest of a component or a core module: the text of its own, not nested, `laurel:manifest` section, if it has one.
pub fn manifest(wasm: &[u8]) -> Result<Option<&str>, PackError> {
    let mut found = None;
    for payload in top_level(wasm) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == MANIFEST_SECTION
        {
            let text = std::str::from_utf8(section.data()).map_err(|_| PackError::ManifestNotText)?;
            if found.replace(text).is_some() {
                return Err(PackError::ManifestTwice);
            }
        }
    }
    Ok(found)
}

/// Appends `manifest` to a component that has none yet. For components made by other tool chains (JavaScript, Python, C);
/// [`pack`](crate::pack) does it for core modules.
pub fn embed(component: &[u8], manifest: &str) -> Result<Vec<u8>, PackError> {
    if !Parser::is_component(component) {
        return Err(PackError::NotComponent);
    }
    if manifest.trim().is_empty() {
        return Err(PackError::EmptyManifest);
    }
    if self::manifest(component)?.is_some() {
        return Err(PackError::ManifestTwice);
    }
    let mut out = component.to_vec();
    let section = CustomSection { name: MANIFEST_SECTION.into(), data: manifest.as_bytes().into() };
    section.append_to_component(&mut out);
    Ok(out)
}

/// The payloads of the outermost module or component, without those of anything nested in it.
pub(crate) fn top_level(wasm: &[u8]) -> impl Iterator<Item = Result<Payload<'_>, PackError>> {
    let mut depth = 0_u32;
    Parser::new(0).parse_all(wasm).filter_map(move |payload| {
        let payload = match payload {
            Ok(payload) => payload,
            Err(error) => return Some(Err(PackError::Unreadable(error))),
        };
        let at_top = depth == 0;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        at_top.then_some(Ok(payload))
    })
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{Component, Module, ModuleSection};

    use super::*;

    fn module_with(manifest: &str) -> Module {
        let mut module = Module::new();
        module.section(&CustomSection { name: MANIFEST_SECTION.into(), data: manifest.as_bytes().into() });
        module
    }

    #[test]
    fn what_is_embedded_is_read_back() {
        let component = embed(&Component::new().finish(), "name = \"x\"").unwrap();
        assert_eq!(manifest(&component).unwrap(), Some("name = \"x\""));
    }

    #[test]
    fn a_nested_module_cannot_speak_for_the_component() {
        let mut component = Component::new();
        component.section(&ModuleSection(&module_with("name = \"spoof\"")));
        let component = component.finish();
        assert_eq!(manifest(&component).unwrap(), None);
        assert_eq!(manifest(&embed(&component, "honest").unwrap()).unwrap(), Some("honest"));
    }

    #[test]
    fn a_core_module_may_carry_one() {
        assert_eq!(manifest(&module_with("m").finish()).unwrap(), Some("m"));
    }

    #[test]
    fn two_manifests_are_refused() {
        let mut component = embed(&Component::new().finish(), "one").unwrap();
        assert!(matches!(embed(&component, "two"), Err(PackError::ManifestTwice)));
        let again = CustomSection { name: MANIFEST_SECTION.into(), data: b"two".into() };
        again.append_to_component(&mut component);
        assert!(matches!(manifest(&component), Err(PackError::ManifestTwice)));
    }

    #[test]
    fn what_is_no_component_is_refused() {
        assert!(matches!(embed(&Module::new().finish(), "m"), Err(PackError::NotComponent)));
        assert!(matches!(embed(&Component::new().finish(), " \n"), Err(PackError::EmptyManifest)));
        assert!(matches!(manifest(b"not wasm"), Err(PackError::Unreadable(_))));
    }
}
