//! The cases of the W3C suites that concern this crate, restated in our own words and code.
//!
//! The suites drive HTTP endpoints: "the issuer accepts" is here that the linter finds nothing wrong and the signed document verifies;
//! "the issuer refuses" that it finds something. Where a suite says nothing beyond what it repeats from another, it is said once.

mod bitstring_status_list;
mod data_model;
mod data_model_names;
mod eddsa;
mod jose;
mod presentations;

use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::verify::{Material, Outcome, Report, Verifier};
use serde_json::{Value, json};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_763_000_000);
pub(crate) const BASE: &str = "https://www.w3.org/ns/credentials/v2";
pub(crate) const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[51; 32])
}

pub(crate) fn options(suite: Cryptosuite) -> ProofOptions {
    ProofOptions::new(suite, key().did_key().verification_method(), NOW)
}

/// The least there can be, by our issuer.
pub(crate) fn credential() -> Value {
    json!({ "@context": [BASE], "type": ["VerifiableCredential"], "issuer": key().did_key().to_string(),
        "credentialSubject": { "id": "did:example:subject", "name": "Ada" } })
}

/// The least there can be, with some members changed; `null` takes one away.
pub(crate) fn with(changes: &Value) -> Value {
    let mut changed = credential();
    for (member, value) in changes.as_object().unwrap() {
        if value.is_null() {
            changed.as_object_mut().unwrap().remove(member);
        } else {
            changed[member] = value.clone();
        }
    }
    changed
}

pub(crate) fn verify(document: &Value) -> Report {
    Verifier::new(NOW).verify(document.to_string().as_bytes(), &Material::new())
}

pub(crate) fn signed(document: &Value) -> Value {
    let text = sign(document.to_string().as_bytes(), &key(), &options(Cryptosuite::EddsaRdfc2022)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// An issuer accepts it, and a verifier what the issuer makes of it.
pub(crate) fn accepted(document: &Value) {
    let report = Verifier::new(NOW).lint(document.to_string().as_bytes(), &Material::new());
    assert!(report.is_valid(), "{document}: {report:#?}");
    let report = verify(&signed(document));
    assert!(report.checks.iter().all(|check| check.outcome != Outcome::Fail), "{document}: {report:#?}");
}

/// An issuer refuses it, for a reason that names the place or the rule.
pub(crate) fn refused(document: &Value, expected: &str) {
    let report = Verifier::new(NOW).lint(document.to_string().as_bytes(), &Material::new());
    let said: Vec<&str> =
        report.checks.iter().filter(|c| c.outcome == Outcome::Fail).map(|c| c.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains(expected)), "{document}: {said:?} does not say {expected:?}");
}
