//! The set of WebAssembly proposals is ours to choose: an upgrade of wasmtime must not widen it.

use laurel_core::plugins::LoadError;
use laurel_plugins::{Size, features};

use crate::support::{criteria, runtime};

#[test]
fn the_feature_set_is_the_one_decided() {
    // The two that newer names have split off (bulk-memory-opt, call-indirect-overlong) are inside those here.
    let names = |size| features(size).iter_names().map(|(name, _)| name.to_lowercase()).collect::<Vec<_>>();
    let small = [
        "mutable_global",
        "saturating_float_to_int",
        "sign_extension",
        "reference_types",
        "multi_value",
        "bulk_memory",
        "simd",
        "relaxed_simd",
        "tail_call",
        "floats",
        "extended_const",
        "component_model",
    ];
    let mut found = names(Size::Small);
    let mut meant = small.map(str::to_owned).to_vec();
    found.sort_unstable();
    meant.sort_unstable();
    assert_eq!(found, meant);
    let more: Vec<_> = names(Size::Large).into_iter().filter(|name| !found.contains(name)).collect();
    assert_eq!(more, ["multi_memory"]);
}

#[tokio::test]
async fn a_guest_that_uses_anything_else_is_refused() {
    let runtime = runtime();
    for (what, declaration) in [
        ("threads", "(memory $m 1 1 shared)"),
        ("atomics", "(func (drop (i32.atomic.load (i32.const 0))))"),
        ("memory64", "(memory $m i64 1)"),
        ("multi-memory", "(memory $m 1)"),
        ("gc", "(type $s (struct (field i32)))"),
        ("exceptions", "(tag $t)"),
        ("function references", "(type $f (func)) (func (param (ref $f)))"),
        ("stack switching", "(type $f (func)) (type $c (cont $f))"),
        ("wide arithmetic", "(func (result i64 i64) (i64.mul_wide_s (i64.const 1) (i64.const 1)))"),
    ] {
        let guest = criteria(declaration, "");
        // The packer refuses some of them already; what it lets through, the engine refuses.
        let Ok(component) = laurel_pack::pack(&guest.module(), &guest.manifest) else { continue };
        let refused = runtime.load(&component).await;
        assert!(matches!(refused, Err(LoadError::Compile(_))), "{what}: {refused:?}");
    }
}
