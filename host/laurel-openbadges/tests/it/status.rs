//! Status lists seen from the verifier: purposes, several bits, messages, malformed entries.

use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, MINIMUM_ENTRIES, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Report, Verdict, Verifier};
use serde_json::{Value, json};

use crate::badges;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_763_000_000);
const LIST: &str = "https://badges.example/status/1";

fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

fn signed(unsigned: &[u8]) -> Vec<u8> {
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key().did_key().verification_method(), NOW);
    sign(unsigned, &key(), &options).unwrap()
}

fn list_of(purpose: StatusPurpose, bits: &Bitstring) -> Vec<u8> {
    let list = StatusListCredential {
        id: LIST.into(),
        issuer: key().did_key().to_string(),
        purpose,
        valid_from: NOW,
        valid_until: None,
        ttl_millis: Some(300_000),
    };
    list.to_bytes(bits)
}

fn verify(entry: &StatusEntry, list: &[u8]) -> Report {
    let mut badge = badges::minimal(&key().did_key().to_string());
    badge.status = vec![entry.clone()];
    let mut material = Material::new();
    material.add(LIST, list);
    Verifier::new(NOW).verify(&signed(&badge.to_bytes().unwrap()), &material)
}

fn said(report: &Report) -> &str {
    &report.check(CheckId::Status).unwrap().message
}

#[test]
fn each_purpose_is_told_in_its_words() {
    let mut bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
    bits.set(5, true).unwrap();
    let cases = [
        (StatusPurpose::Revocation, Verdict::Invalid, "It was revoked by its issuer."),
        (StatusPurpose::Suspension, Verdict::Invalid, "It is suspended by its issuer for the time being."),
        (StatusPurpose::Refresh, Verdict::Valid, "Its issuer has a newer version of it."),
        (StatusPurpose::Message, Verdict::Valid, "Its message entry 5 has the value 1."),
    ];
    for (purpose, verdict, words) in cases {
        let list = signed(&list_of(purpose, &bits));
        let report = verify(&StatusEntry::new(LIST, purpose, 5), &list);
        assert_eq!((report.verdict, said(&report)), (verdict, words), "{report:#?}");
        assert_eq!(report.revoked, purpose == StatusPurpose::Revocation);
        assert_eq!(report.suspended, purpose == StatusPurpose::Suspension);
        assert_eq!(verify(&StatusEntry::new(LIST, purpose, 6), &list).verdict, Verdict::Valid);
    }
}

#[test]
fn entries_of_several_bits_have_messages() {
    let messages = ["pending", "in review", "accepted", "appealed"].map(str::to_owned).to_vec();
    let entry =
        |index| StatusEntry { messages: messages.clone(), ..StatusEntry::new(LIST, StatusPurpose::Message, index) };
    let written = serde_json::to_value(entry(3)).unwrap();
    assert_eq!(written["statusSize"], 2);
    assert_eq!(written["statusMessage"][2], json!({ "status": "0x2", "message": "accepted" }));
    let mut bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
    bits.set_value(3, 2, 2).unwrap();
    let list = signed(&list_of(StatusPurpose::Message, &bits));
    let report = verify(&entry(3), &list);
    assert_eq!((report.verdict, said(&report)), (Verdict::Valid, "Its issuer says: accepted"));
    assert_eq!(said(&verify(&entry(4), &list)), "Its issuer says: pending");
    let beyond = verify(&entry(MINIMUM_ENTRIES / 2), &list);
    assert_eq!(beyond.outcome(CheckId::Status), Some(Outcome::Fail));
    // A reason of the issuer's own beside a revocation.
    let reasons = StatusEntry {
        messages: ["valid", "issued in error"].map(str::to_owned).to_vec(),
        ..StatusEntry::new(LIST, StatusPurpose::Revocation, 7)
    };
    bits.set(7, true).unwrap();
    let report = verify(&reasons, &signed(&list_of(StatusPurpose::Revocation, &bits)));
    assert_eq!(said(&report), "It was revoked by its issuer. Its issuer says: issued in error");
}

#[test]
fn a_list_must_be_what_the_entry_says() {
    let bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
    let good = list_of(StatusPurpose::Revocation, &bits);
    let entry = StatusEntry::new(LIST, StatusPurpose::Revocation, 5);
    assert_eq!(verify(&entry, &signed(&good)).verdict, Verdict::Valid);
    let method = key().did_key().verification_method();
    // The other suite signs whatever it is given.
    let options = ProofOptions::new(Cryptosuite::EddsaJcs2022, method, NOW);
    let text = String::from_utf8(good.clone()).unwrap();
    let changed = |from: &str, to: &str| sign(text.replacen(from, to, 1).as_bytes(), &key(), &options).unwrap();
    let cases = [
        (changed("\"revocation\"", "\"suspension\""), "for another purpose"),
        (
            changed("\"BitstringStatusListCredential\"", "\"BitstringStatusListEntry\""),
            "not a BitstringStatusListCredential",
        ),
        (changed("\"BitstringStatusList\"", "\"Multikey\""), "not a BitstringStatusList"),
        (changed("\"encodedList\":\"u", "\"encodedList\":\"z"), "cannot be read"),
        (changed("2025-11-13", "2035-11-13"), "not valid before"),
        (good.clone(), "the document has no proof"),
        (b"{".to_vec(), "cannot be read"),
    ];
    for (list, expected) in cases {
        let report = verify(&entry, &list);
        assert_eq!(report.outcome(CheckId::Status), Some(Outcome::Fail), "{expected}: {report:#?}");
        assert!(said(&report).contains(expected), "{expected}: {}", said(&report));
    }
    assert_eq!(
        verify(&StatusEntry::new(LIST, StatusPurpose::Revocation, MINIMUM_ENTRIES), &signed(&good)).verdict,
        Verdict::Invalid
    );
}

/// Bitstring Status List 1.0, section 2: a malformed entry is an error, when issuing and when verifying.
#[test]
fn malformed_entries_are_errors() {
    let good = json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "5",
        "statusListCredential": LIST });
    let cases: [(&str, Value, &str); 9] = [
        ("statusListIndex", json!(true), "statusListIndex"),
        ("statusListIndex", json!("-1"), "statusListIndex"),
        ("statusListIndex", json!("0x5"), "statusListIndex"),
        ("statusPurpose", Value::Null, "statusPurpose"),
        ("statusListCredential", json!("nowhere"), "statusListCredential"),
        ("statusSize", json!(0), "statusSize"),
        ("statusSize", json!("many"), "statusSize"),
        ("statusSize", json!(2), "no statusMessage"),
        ("statusMessage", json!([{ "status": "1", "message": "x" }]), "statusMessage"),
    ];
    let badge = |entry: &Value| {
        let mut badge = badges::minimal(&key().did_key().to_string()).to_value().unwrap();
        badge["credentialStatus"] = entry.clone();
        badge.to_string()
    };
    let verifier = Verifier::new(NOW);
    assert!(verifier.lint(badge(&good).as_bytes(), &Material::new()).is_valid());
    for (member, value, expected) in cases {
        let mut entry = good.clone();
        entry[member] = value.clone();
        let report = verifier.lint(badge(&entry).as_bytes(), &Material::new());
        assert_eq!(report.verdict, Verdict::Invalid, "{member}: {value}");
        assert!(said(&report).contains(expected), "{member}: {}", said(&report));
    }
}

#[test]
fn a_successor_is_pointed_to() {
    let badge = badges::complete(&key().did_key().to_string());
    let report = Verifier::new(NOW).verify(&signed(&badge.to_bytes().unwrap()), &Material::new());
    assert_eq!(report.refresh.as_deref(), Some("https://badges.example/refresh/1"));
}
