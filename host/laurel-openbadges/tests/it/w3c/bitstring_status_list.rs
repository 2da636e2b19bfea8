//! Bitstring Status List 1.0 (the suite `vc-bitstring-status-list-test-suite`). What a verifier makes of lists and entries is in
//! `status.rs`; here is what an issuer writes.

use laurel_openbadges::Limits;
use laurel_openbadges::status::{Bitstring, MINIMUM_ENTRIES, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{Material, Verifier};
use serde_json::{Value, json};

use super::{NOW, key, refused, signed, with};

const LIST: &str = "https://issuer.example/status/1";

fn list(bits: &Bitstring) -> Value {
    let list = StatusListCredential {
        id: LIST.into(),
        issuer: key().did_key().to_string(),
        purpose: StatusPurpose::Revocation,
        valid_from: NOW,
        valid_until: None,
        ttl_millis: None,
    };
    serde_json::from_slice(&list.to_bytes(bits)).unwrap()
}

#[test]
fn entries() {
    let entry = serde_json::to_value(StatusEntry::new(LIST, StatusPurpose::Suspension, 94_567)).unwrap();
    assert!(entry["id"].is_string() && entry["id"] != LIST, "its id is not that of the list");
    assert_eq!(entry["type"], "BitstringStatusListEntry");
    assert_eq!(entry["statusPurpose"], "suspension");
    assert_eq!(entry["statusListIndex"], "94567");
    assert_eq!(entry["statusListCredential"], LIST);
    for absent in ["statusSize", "statusMessage", "statusReference"] {
        assert!(entry.get(absent).is_none(), "{absent}");
    }
    let several = StatusEntry {
        messages: ["a", "b", "c"].map(str::to_owned).to_vec(),
        reference: Some("https://issuer.example/about".into()),
        ..StatusEntry::new(LIST, StatusPurpose::Message, 1)
    };
    let several = serde_json::to_value(several).unwrap();
    assert_eq!(several["statusSize"], 2);
    for message in several["statusMessage"].as_array().unwrap() {
        assert!(message["status"].as_str().unwrap().starts_with("0x") && message["message"].is_string());
    }
    assert_eq!(several["statusReference"], "https://issuer.example/about");
}

#[test]
fn lists() {
    let mut bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
    bits.set(94_567, true).unwrap();
    let list = list(&bits);
    assert!(Verifier::new(NOW).lint(list.to_string().as_bytes(), &Material::new()).is_valid());
    assert_eq!(list["id"], LIST);
    assert_eq!(list["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
    let subject = &list["credentialSubject"];
    assert_eq!((&subject["type"], &subject["statusPurpose"]), (&json!("BitstringStatusList"), &json!("revocation")));
    let encoded = subject["encodedList"].as_str().unwrap();
    assert!(encoded.starts_with('u') && !encoded.contains(['=', '+', '/']));
    let decoded = Bitstring::decode(encoded, &Limits::default()).unwrap();
    assert!(decoded.as_bytes().len() >= 16 * 1024, "at least 16 KiB");
    assert_eq!((decoded.get(94_567), decoded.count()), (Ok(true), 1));
}

/// The whole way: a credential with an entry, its list, and both verified.
#[test]
fn a_credential_with_an_entry_is_verified() {
    let bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
    let entry = serde_json::to_value(StatusEntry::new(LIST, StatusPurpose::Revocation, 3)).unwrap();
    let issued = signed(&with(&json!({ "credentialStatus": entry })));
    let verifier = Verifier::new(NOW);
    let mut material = Material::new();
    assert_eq!(verifier.needs(issued.to_string().as_bytes(), &material)[0].url, LIST);
    material.add(LIST, signed(&list(&bits)).to_string());
    assert!(verifier.verify(issued.to_string().as_bytes(), &material).is_valid());
}

/// A member that only looks like a status is an error, and so is an index that is none.
#[test]
fn malformed_values() {
    let wrong = json!({ "type": "BitstringStatusListEntry", "statusListIndex": true, "statusListCredential": LIST });
    refused(&with(&json!({ "statusEntry": wrong })), "no context defines this term");
    refused(&with(&json!({ "credentialStatus": wrong })), "Its status entry");
}
