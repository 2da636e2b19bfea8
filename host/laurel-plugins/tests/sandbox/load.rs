//! What does not load, and the reason it is given.

use laurel_core::plugins::{Interface, LoadError};
use laurel_plugins::{MANIFEST_SECTION, MAX_COMPONENT, inspect};
use wasm_encoder::{CustomSection, Section};
use wit_component::ComponentEncoder;

use crate::support::{Guest, connector, criteria, manifest, runtime};

fn refused(component: &[u8]) -> LoadError {
    inspect(component).unwrap_err()
}

fn bare(guest: &Guest) -> Vec<u8> {
    ComponentEncoder::default().module(&guest.module()).unwrap().encode().unwrap()
}

fn hook() -> Guest {
    let import = r#""get" (func $ask (param i32))"#;
    connector(
        ("hook", "settings"),
        import,
        r#"receive") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64)"#,
        ("", ""),
    )
}

#[test]
fn what_is_no_component() {
    assert!(matches!(refused(b"\x7fELF"), LoadError::NotAComponent(_)));
    assert!(matches!(refused(b""), LoadError::NotAComponent(_)));
    let good = criteria("", "").component();
    assert!(matches!(refused(&good[..good.len() / 2]), LoadError::NotAComponent(_)));
    assert!(
        matches!(refused(&criteria("", "").module()), LoadError::NotAComponent(why) if why.contains("core module"))
    );
    let mut large = good;
    large.resize(MAX_COMPONENT + 1, 0);
    assert!(matches!(refused(&large), LoadError::TooLarge { .. }));
}

#[test]
fn a_manifest_counts_only_at_the_components_own_level() {
    let guest = criteria("", "");
    assert!(matches!(refused(&bare(&guest)), LoadError::NoManifest));
    let mut module = guest.module();
    CustomSection { name: MANIFEST_SECTION.into(), data: guest.manifest.as_bytes().into() }.append_to(&mut module);
    let spoofed = ComponentEncoder::default().module(&module).unwrap().encode().unwrap();
    let inside = spoofed.windows(MANIFEST_SECTION.len()).any(|window| window == MANIFEST_SECTION.as_bytes());
    assert!(inside, "the section is there, one level down");
    assert!(matches!(refused(&spoofed), LoadError::NoManifest));
}

#[test]
fn two_manifests_are_none() {
    let guest = criteria("", "");
    let mut twice = guest.component();
    let section = CustomSection { name: MANIFEST_SECTION.into(), data: guest.manifest.as_bytes().into() };
    section.append_to(&mut twice);
    assert!(matches!(refused(&twice), LoadError::Manifest(why) if why.contains("more than one")));
}

#[test]
fn an_import_that_the_manifest_hides() {
    let mut guest = hook();
    guest.manifest = manifest("hook", &["log"]);
    let error = refused(&guest.component());
    assert!(matches!(&error, LoadError::Import { import, .. } if import.contains("settings")), "{error}");
    assert!(error.to_string().contains("add \"settings\" to capabilities"), "{error}");
}

#[test]
fn an_import_that_nobody_offers() {
    let guest = criteria("", "");
    let foreign = bare(&guest);
    let at = foreign.windows(21).position(|name| name == b"laurel:plugin/log@0.1").unwrap();
    let mut foreign = foreign;
    foreign[at..at + 6].copy_from_slice(b"wasi-x");
    assert!(matches!(refused(&foreign), LoadError::Import { why, .. } if why.contains("no host offers")));
}

#[test]
fn another_abi_version() {
    let mut guest = criteria("", "");
    guest.wit = |wit| wit.replace("laurel:plugin@0.1.0", "laurel:plugin@0.2.0");
    let error = refused(&guest.component());
    assert!(error.to_string().contains("another ABI version; this host speaks 0.1"), "{error}");
    guest.wit = |wit| wit.replace("laurel:plugin@0.1.0", "laurel:plugin@0.1.7");
    inspect(&guest.component()).unwrap();
}

#[test]
fn an_export_that_is_missing_or_hidden() {
    let mut guest = criteria("", "");
    guest.manifest = manifest("hook", &["log"]);
    assert!(matches!(refused(&guest.component()), LoadError::Export { interface: Interface::Hook, .. }));
    let mut guest = hook();
    guest.manifest = guest.manifest.replace(r#"["hook"]"#, r#"["hook", "sync"]"#);
    assert!(matches!(refused(&guest.component()), LoadError::Export { interface: Interface::Sync, .. }));
}

#[tokio::test]
async fn a_record_that_changed_within_a_version() {
    let mut guest = criteria("", "");
    guest.wit =
        |wit| wit.replace("seq: u64,\n        data: json,", "seq: u64,\n        data: json,\n        extra: json,");
    let error = runtime().load(&guest.component()).await.unwrap_err();
    assert!(matches!(&error, LoadError::Trial(_)), "{error}");
}

#[tokio::test]
async fn a_later_patch_of_the_same_line_loads_and_answers() {
    let mut guest = criteria("", "");
    guest.wit = |wit| wit.replace("laurel:plugin@0.1.0", "laurel:plugin@0.1.7");
    let runtime = runtime();
    let plugin = guest.load(&runtime).await;
    assert_eq!(plugin.evaluate("{}", None, &crate::support::events(1)).answer.unwrap().consumed, 1);
}

#[tokio::test]
async fn the_broken_one_does_not_stop_the_others() {
    let runtime = runtime();
    assert!(runtime.load(b"broken").await.is_err());
    let good = criteria("", "").component();
    let first = runtime.load(&good).await.unwrap();
    assert_eq!(runtime.load(&good).await.unwrap().digest(), first.digest());
    runtime.unload(first.digest());
    assert!(runtime.plugin(first.digest()).is_none());
}
