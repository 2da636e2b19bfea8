//! Verifiable presentations and envelopes (Data Model 2.0, sections 4.3, 4.13 and 7).

use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, sign};
use laurel_openbadges::verify::{Expected, Material, PresentationReport, Verifier};
use serde_json::{Value, json};

use super::{BASE, EXAMPLES, NOW, credential, key, options, signed};

const CHALLENGE: &str = "u1AHL2o8aBzS4nUBPvVUeGg";
const DOMAIN: &str = "github.com/w3c/vc-data-model-2.0-test-suite";

fn presentation() -> Value {
    json!({ "@context": [BASE], "type": ["VerifiablePresentation"] })
}

/// Signed by the suite that does not look into contexts, so that a wrong one reaches the verifier.
fn presented(mut document: Value, suite: Cryptosuite) -> Value {
    if let Some(credentials) = document.get_mut("verifiableCredential").and_then(Value::as_array_mut) {
        for credential in credentials {
            *credential = signed(credential);
        }
    }
    let proof = ProofOptions {
        purpose: ProofPurpose::Authentication,
        challenge: Some(CHALLENGE.into()),
        domain: Some(DOMAIN.into()),
        ..options(suite)
    };
    serde_json::from_slice(&sign(document.to_string().as_bytes(), &key(), &proof).unwrap()).unwrap()
}

fn verify(document: &Value) -> PresentationReport {
    let expected = Expected { challenge: Some(CHALLENGE.into()), domain: Some(DOMAIN.into()), unsigned: false };
    Verifier::new(NOW).verify_presentation(document.to_string().as_bytes(), &expected, &Material::new())
}

#[track_caller]
fn accepted(document: Value) {
    let report = verify(&presented(document, Cryptosuite::EddsaRdfc2022));
    assert!(report.is_valid(), "{report:#?}");
}

#[track_caller]
fn refused(document: Value) {
    let report = verify(&presented(document, Cryptosuite::EddsaJcs2022));
    assert!(!report.is_valid(), "{report:#?}");
}

#[test]
fn contexts_and_types_of_presentations() {
    accepted(presentation());
    let with = |member: &str, value: Value| {
        let mut document = presentation();
        document[member] = value;
        document
    };
    accepted(with("@context", json!([BASE, EXAMPLES])));
    accepted(with("@context", json!([BASE, { "extra": "https://terms.example/extra" }])));
    accepted(with("type", json!(["VerifiablePresentation", "https://terms.example/#Presentation"])));
    accepted(with("id", json!("urn:uuid:2c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0")));
    refused(with("@context", json!([EXAMPLES, BASE])));
    refused(with("@context", json!([EXAMPLES])));
    refused(with("@context", json!([])));
    refused(with("type", json!(["Presentation"])));
    refused(with("id", json!("https ://not-a-url")));
    let mut bare = presentation();
    bare.as_object_mut().unwrap().remove("type");
    refused(bare);
    // A context exchanged or added after signing.
    let good = presented(with("@context", json!([BASE, EXAMPLES])), Cryptosuite::EddsaRdfc2022);
    for wrong in [json!("https://example.com"), json!("https ://not-a-url/contexts/example/v1"), json!(123_192_875)] {
        let mut changed = good.clone();
        changed["@context"][1] = wrong;
        assert!(!verify(&changed).is_valid(), "{changed}");
    }
    let mut changed = good;
    changed.as_object_mut().unwrap().remove("@context");
    assert!(!verify(&changed).is_valid());
}

#[test]
fn credentials_and_holders() {
    let holder = key().did_key().to_string();
    let with = |members: &Value| {
        let mut document = presentation();
        for (member, value) in members.as_object().unwrap() {
            document[member] = value.clone();
        }
        document
    };
    accepted(with(&json!({ "verifiableCredential": [credential()] })));
    let other = super::with(&json!({ "credentialSubject": { "id": "did:example:other" } }));
    accepted(with(&json!({ "verifiableCredential": [credential(), other] })));
    accepted(with(&json!({ "holder": holder, "verifiableCredential": [credential()] })));
    accepted(with(&json!({ "holder": { "id": holder } })));
    for wrong in [json!("z6MkpJy"), json!({ "id": "z6MkpJy" }), json!({ "name": "Ada" }), json!(7)] {
        refused(with(&json!({ "holder": wrong })));
    }
    let secured = presented(with(&json!({ "verifiableCredential": [credential()] })), Cryptosuite::EddsaRdfc2022);
    let mut broken = secured.clone();
    broken["proof"]["proofValue"] = json!("z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh");
    assert!(!verify(&broken).is_valid());
    let mut within = secured;
    within["verifiableCredential"][0]["credentialSubject"]["name"] = json!("Eve");
    assert!(!verify(&within).is_valid());
}

#[test]
fn credentials_are_objects() {
    for wrong in [json!("https://example.com/1"), json!(7), json!(["x"]), json!({ "id": "https://example.com/1" })] {
        let mut document = presentation();
        document["verifiableCredential"] = wrong;
        let proof = ProofOptions {
            purpose: ProofPurpose::Authentication,
            challenge: Some(CHALLENGE.into()),
            domain: Some(DOMAIN.into()),
            ..options(Cryptosuite::EddsaJcs2022)
        };
        let signed = sign(document.to_string().as_bytes(), &key(), &proof).unwrap();
        assert!(!verify(&serde_json::from_slice(&signed).unwrap()).is_valid(), "{document}");
    }
}
