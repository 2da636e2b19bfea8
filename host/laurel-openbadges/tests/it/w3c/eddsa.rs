//! Data Integrity `EdDSA` cryptosuites (the suites `vc-di-eddsa-test-suite` and the assertions it shares with others; what
//! `vc-api-verifier-test-suite` asks of proofs is the same).

use laurel_openbadges::Limits;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, add_proof, sign};
use laurel_openbadges::verify::{CheckId, Outcome, Verdict};
use serde_json::{Value, json};

use super::{NOW, credential, key, options, verify, with};

const SUITES: [Cryptosuite; 2] = [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022];

fn signed(document: &Value, options: &ProofOptions) -> Value {
    serde_json::from_slice(&sign(document.to_string().as_bytes(), &key(), options).unwrap()).unwrap()
}

#[track_caller]
fn refused(document: &Value) {
    assert_eq!(verify(document).verdict, Verdict::Invalid, "{document}");
}

/// The form of the proofs that are made, and of the keys they name.
#[test]
fn proofs_that_are_made() {
    for suite in SUITES {
        let issued = signed(&credential(), &options(suite));
        let proof = &issued["proof"];
        assert!(proof.is_object());
        assert_eq!(proof["type"], "DataIntegrityProof");
        assert_eq!(proof["cryptosuite"], suite.as_str());
        assert_eq!(proof["proofPurpose"], "assertionMethod");
        let (did, fragment) = proof["verificationMethod"].as_str().unwrap().split_once('#').unwrap();
        assert!(did.starts_with("did:key:z6Mk") && fragment.starts_with("z6Mk"));
        let alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        let value = proof["proofValue"].as_str().unwrap().strip_prefix('z').unwrap();
        assert!(value.chars().all(|character| alphabet.contains(character)) && (86..=88).contains(&value.len()));
        assert!(proof["created"].as_str().unwrap().ends_with('Z'));
        assert_eq!(verify(&issued).verdict, Verdict::Valid);
        // Both data models; the older needs the context of the proof.
        let older = with(
            &json!({ "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2"],
            "issuanceDate": "2023-01-01T00:00:00Z", "credentialSubject": { "id": "did:example:s" } }),
        );
        assert_eq!(verify(&signed(&older, &options(suite))).verdict, Verdict::Valid);
    }
}

#[test]
fn proofs_that_lack_or_change_something_are_refused() {
    for suite in SUITES {
        let good = signed(&credential(), &options(suite));
        refused(&json!(good.to_string()));
        for proof in [Value::Null, json!("string"), json!(10), json!(true), json!([]), json!({})] {
            let mut changed = good.clone();
            changed["proof"] = proof;
            refused(&changed);
        }
        let mut unsigned = good.clone();
        unsigned.as_object_mut().unwrap().remove("proof");
        refused(&unsigned);
        for member in ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue", "created"] {
            let mut changed = good.clone();
            changed["proof"].as_object_mut().unwrap().remove(member);
            refused(&changed);
        }
        let value = good["proof"]["proofValue"].as_str().unwrap();
        let changes = [
            ("type", json!("UnknownProofType")),
            ("cryptosuite", json!("UnknownCryptosuite")),
            ("cryptosuite", json!(7)),
            ("proofPurpose", json!("invalidPurpose")),
            ("proofPurpose", json!("authentication")),
            ("verificationMethod", json!("did:key:invalidVm")),
            ("verificationMethod", json!("not a method")),
            ("proofValue", json!(null)),
            ("proofValue", json!(&value[1..])),
            ("proofValue", json!(format!("u{}", &value[1..]))),
            ("proofValue", json!(format!("z0{}", &value[2..]))),
            ("created", json!("invalidDate")),
            ("expires", json!("invalidDate")),
        ];
        for (member, value) in changes {
            let mut changed = good.clone();
            changed["proof"][member] = value;
            refused(&changed);
        }
    }
}

/// Data that a processor would drop, when issuing and after.
#[test]
fn nothing_is_lost() {
    let good = signed(&credential(), &options(Cryptosuite::EddsaRdfc2022));
    let mut term = good.clone();
    term["credentialSubject"]["undefinedTerm"] = json!("IfDroppedWillVerify");
    let mut kind = good;
    kind["type"].as_array_mut().unwrap().push(json!("UndefinedType"));
    for changed in [term, kind] {
        let report = verify(&changed);
        let message = &report.check(CheckId::Proof).unwrap().message;
        assert!(message.contains("no context defines"), "{message}");
    }
    let mut relative = credential();
    relative["id"] = json!("relative/1");
    let unsigned = relative.to_string();
    let refusal = sign(unsigned.as_bytes(), &key(), &options(Cryptosuite::EddsaRdfc2022)).unwrap_err();
    assert!(refusal.to_string().contains("not an absolute identifier"), "{refusal}");
}

/// `created` and `expires` are dates with an offset; an expired proof counts no longer.
#[test]
fn dates_of_proofs() {
    let until =
        |text: &str| ProofOptions { expires: Some(text.parse().unwrap()), ..options(Cryptosuite::EddsaJcs2022) };
    assert_eq!(verify(&signed(&credential(), &until("2035-01-01T00:00:00Z"))).verdict, Verdict::Valid);
    refused(&signed(&credential(), &until("2025-01-01T00:00:00Z")));
    let mut timeless = options(Cryptosuite::EddsaRdfc2022);
    timeless.created = None;
    assert_eq!(verify(&signed(&credential(), &timeless)).verdict, Verdict::Valid);
}

fn added(document: &Value, signer: &SigningKey, options: &ProofOptions) -> Value {
    let text =
        add_proof(document.to_string().as_bytes(), signer, options, Contexts::bundled(), &Limits::default()).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// Proof sets and chains, which the reference stack does not verify.
#[test]
fn sets_and_chains() {
    let other = SigningKey::from_seed(&[52; 32]);
    for suite in SUITES {
        let first = ProofOptions {
            id: Some("urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544".into()),
            ..ProofOptions::new(suite, other.did_key().verification_method(), NOW)
        };
        // Another party first, the issuer after it.
        let once = added(&credential(), &other, &first);
        assert_eq!(verify(&once).outcome(CheckId::Issuer), Some(Outcome::Fail), "the issuer has not signed yet");
        let set = added(&once, &key(), &options(suite));
        assert_eq!(verify(&set).verdict, Verdict::Valid);
        let chained = ProofOptions { previous_proof: vec![first.id.clone().unwrap()], ..options(suite) };
        let chain = added(&once, &key(), &chained);
        assert_eq!(verify(&chain).verdict, Verdict::Valid);
        // The same name as a list of one.
        let mut missing = chain.clone();
        missing["proof"][1]["previousProof"] = json!("urn:uuid:38329423-2179-4b2e-88cb-a7c7d9dc4544");
        refused(&missing);
        missing["proof"][1]["previousProof"] =
            json!([chain["proof"][0]["id"], "urn:uuid:38329423-2179-4b2e-88cb-a7c7d9dc4544"]);
        refused(&missing);
        missing["proof"][1]["previousProof"] = json!(456_321);
        refused(&missing);
        // A proof that the other builds upon does not hold.
        let mut broken = chain.clone();
        broken["proof"][0]["proofValue"] = chain["proof"][1]["proofValue"].clone();
        refused(&broken);
        let mut alone = chain.clone();
        alone["proof"] = json!([chain["proof"][1]]);
        refused(&alone);
        let refusal =
            add_proof(credential().to_string().as_bytes(), &key(), &chained, Contexts::bundled(), &Limits::default());
        assert!(refusal.unwrap_err().to_string().contains("not among the proofs"));
    }
}
