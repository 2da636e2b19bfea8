#![no_main]
//! A whole verification: whatever comes in, a report comes out.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{Material, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_750_000_000));
    let mut material = Material::new();
    for need in verifier.needs(bytes, &material) {
        material.add(need.url, bytes);
    }
    let report = verifier.verify(bytes, &material);
    assert!(!report.checks.is_empty());
});
