#![no_main]
//! A whole verification of a document or a token: whatever comes in, a report comes out, and nothing unsigned is believed.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{CheckId, Expected, Material, Outcome, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_750_000_000)).with_open_badges_2();
    let mut material = Material::new();
    for need in verifier.needs(bytes, &material) {
        material.add(need.url, bytes);
    }
    let report = verifier.verify(bytes, &material);
    assert!(!report.checks.is_empty());
    let read = report.outcome(CheckId::Parse) == Some(Outcome::Pass);
    assert!(!report.is_valid() || read);
    let presented = verifier.verify_presentation(bytes, &Expected::default(), &material);
    assert!(!presented.checks.is_empty());
});
