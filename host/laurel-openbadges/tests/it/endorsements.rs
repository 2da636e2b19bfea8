//! Endorsements inside a credential are verified on their own: the issuer's proof says nothing of them.

use laurel_openbadges::Timestamp;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::verify::{CheckId, Material, NeedKind, Outcome, Report, Verdict, Verifier};
use serde_json::{Value, json};

use crate::badges::{self, endorsed};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);

fn issuer() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

/// A badge signed by its issuer with whatever endorsements it was given.
fn badge(endorsements: &[Value]) -> Vec<u8> {
    let mut badge = badges::minimal(&issuer().did_key().to_string());
    badge.endorsement = endorsements.to_vec();
    sealed(&badge.to_bytes().unwrap())
}

fn sealed(unsigned: &[u8]) -> Vec<u8> {
    let options = ProofOptions::new(Cryptosuite::EddsaJcs2022, issuer().did_key().verification_method(), NOW);
    sign(unsigned, &issuer(), &options).unwrap()
}

fn id() -> String {
    badges::minimal("urn:x").id
}

fn verified(document: &[u8]) -> Report {
    Verifier::new(NOW).verify(document, &Material::new())
}

fn said(report: &Report) -> &str {
    &report.check(CheckId::Endorsements).unwrap_or_else(|| panic!("{report:#?}")).message
}

#[test]
fn genuine_ones_are_told_with_who_endorses() {
    let report = verified(&badge(&[endorsed(&id())]));
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(said(&report).contains("endorses") && said(&report).contains("did:key:z6Mk"), "{report:#?}");
    let of_achievement = badge(&[endorsed("https://badges.example/achievements/1")]);
    assert!(said(&verified(&of_achievement)).contains("endorses https://badges.example/achievements/1"));
    assert!(verified(&badge(&[])).check(CheckId::Endorsements).is_none());
}

#[test]
fn changed_ones_and_those_of_something_else_are_told() {
    let mut changed = endorsed(&id());
    changed["credentialSubject"]["endorsementComment"] = json!("The very best.");
    let mut nobodys = endorsed(&id());
    nobodys["issuer"]["id"] = json!("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    let mut unsigned = endorsed(&id());
    unsigned.as_object_mut().unwrap().remove("proof");
    let cases = [
        (changed, "not genuine"),
        (nobodys, "not genuine"),
        (unsigned, "not genuine"),
        (endorsed("https://badges.example/achievements/2"), "speaks for https://badges.example/achievements/2"),
    ];
    for (endorsement, words) in cases {
        let report = verified(&badge(&[endorsed(&id()), endorsement]));
        assert_eq!(report.outcome(CheckId::Endorsements), Some(Outcome::Fail), "{words}: {report:#?}");
        assert_eq!(report.verdict, Verdict::Invalid);
        assert!(report.checks.iter().any(|check| check.message.contains(words)), "{words}: {report:#?}");
        let own = [CheckId::Proof, CheckId::Issuer].map(|check| report.outcome(check));
        assert_eq!(own, [Some(Outcome::Pass); 2], "the badge's own signature holds");
    }
}

#[test]
fn the_endorser_s_keys_are_asked_for() {
    let agency = SigningKey::from_seed(&[77; 32]);
    let web: laurel_openbadges::keys::DidWeb = "did:web:agency.example".parse().unwrap();
    let unsigned = badges::endorsement(&web.to_string(), &id()).to_bytes().unwrap();
    let method = web.verification_method(&agency.multikey());
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, NOW);
    let endorsement = serde_json::from_slice(&sign(&unsigned, &agency, &options).unwrap()).unwrap();
    let document = badge(&[endorsement]);
    let verifier = Verifier::new(NOW);
    let needs = verifier.needs(&document, &Material::new());
    assert_eq!((needs.len(), needs[0].kind, &*needs[0].url), (1, NeedKind::Keys, web.document_url().as_str()));
    let mut material = Material::new();
    material.add_failure(web.document_url(), "it is down");
    let report = verifier.verify(&document, &material);
    assert_eq!(report.outcome(CheckId::Endorsements), Some(Outcome::NotChecked), "{report:#?}");
    let mut material = Material::new();
    material.add(web.document_url(), web.document(&[agency.multikey()]).to_string());
    assert!(verifier.verify(&document, &material).is_valid());
}

#[test]
fn tokens_endorse_as_well() {
    let agency = SigningKey::from_seed(&[77; 32]);
    let unsigned = badges::endorsement(&agency.did_key().to_string(), &id()).to_bytes().unwrap();
    let token =
        sign_credential(&unsigned, &agency, &JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Jwk)).unwrap();
    let mut badge: Value = serde_json::from_slice(&badge(&[])).unwrap();
    badge.as_object_mut().unwrap().remove("proof");
    for (token, outcome) in [(token.clone(), Outcome::Pass), (token.replacen("ey", "ez", 1), Outcome::Fail)] {
        badge["endorsementJwt"] = json!([token]);
        let report = verified(&sealed(badge.to_string().as_bytes()));
        assert_eq!(report.outcome(CheckId::Endorsements), Some(outcome), "{report:#?}");
    }
}

#[test]
fn those_in_the_badges_of_a_record_are_looked_at_with_the_badge() {
    // One of the issuer stands in the badge: within the record it would seem to speak for something else.
    let badge: Value = serde_json::from_slice(&badge(&[endorsed(&issuer().did_key().to_string())])).unwrap();
    assert!(verified(badge.to_string().as_bytes()).is_valid());
    let mut record = badges::learner_record(&issuer().did_key().to_string());
    record.subject.verifiable_credential = vec![badge];
    let report = verified(&sealed(&record.to_bytes().unwrap()));
    assert!(report.is_valid(), "{report:#?}");
}

#[test]
fn no_more_are_looked_at_than_are_worth_it() {
    let many: Vec<Value> = (0..40).map(|_| endorsed(&id())).collect();
    let report = verified(&badge(&many));
    let looked = report.checks.iter().filter(|check| check.id == CheckId::Endorsements).count();
    assert_eq!((looked, report.verdict), (17, Verdict::Unknown));
    assert!(said(&report).contains("40 endorsements"));
}
