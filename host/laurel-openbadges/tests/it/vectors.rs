//! The vectors of `EdDSA` Cryptosuites 1.0 and of 1EdTech's Open Badges specification.

use std::path::{Path, PathBuf};

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::{DidKey, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, add_proof, sign};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Verifier};
use laurel_openbadges::{Limits, Timestamp, canonical};

use crate::shared;

fn vectors() -> Option<PathBuf> {
    Some(shared::standards()?.join("eddsa-vectors"))
}

/// The seed of a `z3u2…` secret key (multicodec 0x1300, two bytes of prefix).
fn secret(text: &str) -> SigningKey {
    const ALPHABET: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 34];
    for character in text[1..].chars() {
        let mut carry = ALPHABET.find(character).unwrap();
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = u8::try_from(carry & 255).unwrap();
            carry >>= 8;
        }
    }
    assert_eq!(bytes[..2], [0x80, 0x26]);
    SigningKey::from_seed(bytes[2..].try_into().unwrap())
}

fn key_pair(folder: &Path, file: &str, name: Option<&str>) -> SigningKey {
    let json = shared::json(folder.join(file));
    let pair = name.map_or(&json, |name| &json[name]);
    let key = secret(pair["privateKeyMultibase"].as_str().unwrap());
    assert_eq!(key.multikey().to_string(), pair["publicKeyMultibase"].as_str().unwrap());
    key
}

fn proof_value(document: &[u8]) -> String {
    let document: serde_json::Value = serde_json::from_slice(document).unwrap();
    let proof = if document["proof"].is_array() {
        document["proof"].as_array().unwrap().last().unwrap().clone()
    } else {
        document["proof"].clone()
    };
    proof["proofValue"].as_str().unwrap().to_owned()
}

fn options(proof: &serde_json::Value) -> ProofOptions {
    let text = |member: &str| proof[member].as_str().map(str::to_owned);
    let previous = match &proof["previousProof"] {
        serde_json::Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
        serde_json::Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    };
    let suite: Cryptosuite = text("cryptosuite").unwrap().parse().unwrap();
    let created: Timestamp = text("created").unwrap().parse().unwrap();
    ProofOptions {
        id: text("id"),
        previous_proof: previous,
        ..ProofOptions::new(suite, text("verificationMethod").unwrap(), created)
    }
}

#[test]
fn eddsa_rdfc_2022() {
    let Some(folder) = vectors() else { return };
    let unsigned = shared::read(folder.join("unsigned.json"));
    let nquads = canonical::nquads(&unsigned, Contexts::bundled(), &Limits::default()).unwrap();
    assert_eq!(nquads, shared::text(folder.join("eddsa-rdfc-2022/canonDocDataInt.txt")));
    let expected = shared::read(folder.join("eddsa-rdfc-2022/signedDataInt.json"));
    let proof = shared::json(folder.join("eddsa-rdfc-2022/proofConfigDataInt.json"));
    let signed = sign(&unsigned, &key_pair(&folder, "keyPair.json", None), &options(&proof)).unwrap();
    assert_eq!(proof_value(&signed), proof_value(&expected));
}

#[test]
fn eddsa_jcs_2022() {
    let Some(folder) = vectors() else { return };
    let unsigned = shared::read(folder.join("unsigned.json"));
    let json = canonical::json(&unsigned, &Limits::default()).unwrap();
    assert_eq!(json, shared::text(folder.join("eddsa-jcs-2022/canonDocJCS.txt")).trim_end());
    let expected = shared::read(folder.join("eddsa-jcs-2022/signedJCS.json"));
    let proof = shared::json(folder.join("eddsa-jcs-2022/proofConfigJCS.json"));
    let signed = sign(&unsigned, &key_pair(&folder, "keyPair.json", None), &options(&proof)).unwrap();
    assert_eq!(proof_value(&signed), proof_value(&expected));
}

/// Every secured document of the vectors verifies; changed anywhere, none does.
#[test]
fn all_signed_vectors_verify() {
    let Some(folder) = vectors() else { return };
    let verifier = Verifier::new("2026-01-01T00:00:00Z".parse().unwrap());
    let files = [
        "eddsa-rdfc-2022/signedDataInt.json",
        "eddsa-jcs-2022/signedJCS.json",
        "Ed25519Signature2020/signedEdSig.json",
        "proof-set-chain/signedProofSet1.json",
        "proof-set-chain/signedProofSet2.json",
        "proof-set-chain/signedProofChain1.json",
        "proof-set-chain/signedProofChain2.json",
    ];
    for file in files {
        let signed = shared::text(folder.join(file));
        let report = verifier.verify(signed.as_bytes(), &Material::new());
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass), "{file}: {report:#?}");
        let changed = signed.replace("The School of Examples", "The School of Samples");
        let report = verifier.verify(changed.as_bytes(), &Material::new());
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail), "{file}");
    }
}

/// The employment vector needs a context that is not bundled: it is refused, and says why.
#[test]
fn an_unknown_context_is_named() {
    let Some(folder) = vectors() else { return };
    let signed = shared::read(folder.join("eddsa-rdfc-2022/employ/signedDataInt.json"));
    let error = canonical::nquads(&signed, Contexts::bundled(), &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("https://w3id.org/citizenship/v4rc1"), "{error}");
}

#[test]
fn proof_sets_and_chains_are_made_as_in_the_vectors() {
    let Some(folder) = vectors().map(|folder| folder.join("proof-set-chain")) else { return };
    let mut document = shared::read(folder.join("unsigned.json"));
    let steps = [
        ("keyPair1", "proofSetConfigSigned1.json", "signedProofSet1.json"),
        ("keyPair2", "proofSetConfigSigned2.json", "signedProofSet2.json"),
        ("keyPair3", "proofChainConfigSigned1.json", "signedProofChain1.json"),
        ("keyPair4", "proofChainConfigSigned2.json", "signedProofChain2.json"),
    ];
    for (name, config, expected) in steps {
        let key = key_pair(&folder, "multiKeyPairs.json", Some(name));
        let options = options(&shared::json(folder.join(config)));
        document = add_proof(&document, &key, &options, Contexts::bundled(), &Limits::default()).unwrap();
        assert_eq!(proof_value(&document), proof_value(&shared::read(folder.join(expected))), "{expected}");
    }
}

#[test]
fn a_chain_without_its_beginning_is_refused() {
    let Some(folder) = vectors().map(|folder| folder.join("proof-set-chain")) else { return };
    let mut document = shared::json(folder.join("signedProofChain2.json"));
    document["proof"].as_array_mut().unwrap().remove(0);
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_800_000_000));
    let report = verifier.verify(document.to_string().as_bytes(), &Material::new());
    assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail));
}

#[test]
fn the_linked_data_proof_of_open_badges() {
    let Some(folder) = shared::standards().map(|folder| folder.join("ob3-linked-data-proof")) else { return };
    let unsigned = shared::read(folder.join("json0.json"));
    let nquads = canonical::nquads(&unsigned, Contexts::bundled(), &Limits::default()).unwrap();
    assert_eq!(nquads.trim_end(), shared::text(folder.join("document-canon.txt")).trim_end());
    let mut material = Material::new();
    let key = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    material.add(
        "https://example.edu/issuers/565049",
        crate::samples::key_document("https://example.edu/issuers/565049", key),
    );
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_800_000_000));
    let report = verifier.verify(&shared::read(folder.join("json3.json")), &material);
    assert!(report.is_valid(), "{report:#?}");
}

#[test]
fn a_signed_document_keeps_the_bytes_it_was_given() {
    let key = SigningKey::from_seed(&[3; 32]);
    let did: DidKey = key.did_key();
    let unsigned = br#"{ "@context": ["https://www.w3.org/ns/credentials/v2"], "type":["VerifiableCredential"],
        "issuer":"did:example:x", "credentialSubject":{"id":"did:example:y", "name":"\u00e9"} } "#;
    for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
        let options = ProofOptions::new(suite, did.verification_method(), Timestamp::from_unix_seconds(1));
        let signed = sign(unsigned, &key, &options).unwrap();
        let end = unsigned.iter().rposition(|byte| *byte == b'}').unwrap();
        assert!(signed.starts_with(&unsigned[..end]));
        assert_eq!(signed, sign(unsigned, &key, &options).unwrap());
        assert!(sign(&signed, &key, &options).is_err(), "a second proof needs add_proof");
    }
}
