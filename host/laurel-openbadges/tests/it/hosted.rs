//! Hosted badges of Open Badges 2.0 are what their issuer serves, where it serves its badges.

use laurel_openbadges::Timestamp;
use laurel_openbadges::documents::Image;
use laurel_openbadges::documents::hosted::{Hosted, HostedUrls, Recipient, RevokedAssertion};
use laurel_openbadges::verify::{CheckId, Material, NeedKind, Outcome, Report, Verdict, Verifier};
use serde_json::{Value, json};

use crate::badges;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
const ASSERTION: &str = "https://acme.example/2/assertions/1";
const CLASS: &str = "https://acme.example/2/helper";
const ISSUER: &str = "https://acme.example/2/issuer";

/// What an issuer serves.
struct Site {
    assertion: Value,
    class: Value,
    issuer: Value,
}

impl Site {
    fn new() -> Self {
        let mut badge = badges::complete("did:web:acme.example");
        badge.subject.achievement.image = Some(Image::new("https://acme.example/helper.png"));
        badge.issuer.email = Some("badges@acme.example".into());
        badge.issuer.url = Some("https://acme.example".into());
        let urls = HostedUrls { assertion: ASSERTION.into(), badge_class: CLASS.into(), issuer: ISSUER.into() };
        let hosted = Hosted::of(&badge, &urls, Recipient::hashed_email("ada@example.com", "pepper")).unwrap();
        let value = |document: Result<Value, _>| document.unwrap();
        Self {
            assertion: value(serde_json::to_value(&hosted.assertion)),
            class: value(serde_json::to_value(&hosted.badge_class)),
            issuer: value(serde_json::to_value(&hosted.issuer)),
        }
    }

    fn material(&self) -> Material {
        let mut material = Material::new();
        for (url, document) in [(ASSERTION, &self.assertion), (CLASS, &self.class), (ISSUER, &self.issuer)] {
            material.add(url, document.to_string());
        }
        material
    }

    fn verified(&self) -> Report {
        verify(&self.assertion, &self.material())
    }
}

fn verifier() -> Verifier<'static> {
    Verifier::new(NOW).with_open_badges_2()
}

fn verify(presented: &Value, material: &Material) -> Report {
    verifier().verify(presented.to_string().as_bytes(), material)
}

fn failed(report: &Report, id: CheckId, words: &str) {
    assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
    let told = report
        .checks
        .iter()
        .any(|check| check.id == id && check.outcome == Outcome::Fail && check.message.contains(words));
    assert!(told, "{words}: {report:#?}");
}

#[test]
fn what_its_issuer_serves_is_valid() {
    let site = Site::new();
    let report = site.verified();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.issuer.as_deref(), Some(ISSUER));
    assert_eq!(report.id.as_deref(), Some(ASSERTION));
    assert!(report.valid_from.is_some());
    assert!(report.check(CheckId::Recipient).unwrap().message.contains("hashed"));
    // A copy may have lost its context and picture, and may repeat the badge class.
    let mut copy = site.assertion.clone();
    copy["badge"] = site.class.clone();
    copy["image"] = json!("https://elsewhere.example/helper.png");
    assert_eq!(verify(&copy, &site.material()).verdict, Verdict::Valid);
}

#[test]
fn each_document_leads_to_the_next() {
    let site = Site::new();
    let bytes = site.assertion.to_string().into_bytes();
    let verifier = verifier();
    let mut material = Material::new();
    for (url, document) in [(ASSERTION, &site.assertion), (CLASS, &site.class), (ISSUER, &site.issuer)] {
        let needs = verifier.needs(&bytes, &material);
        assert_eq!((needs.len(), needs[0].url.as_str(), needs[0].kind), (1, url, NeedKind::Hosted));
        assert_eq!(verifier.verify(&bytes, &material).verdict, Verdict::Unknown);
        material.add(url, document.to_string());
    }
    assert!(verifier.needs(&bytes, &material).is_empty());
}

#[test]
fn whose_it_is_can_be_asked() {
    let site = Site::new();
    let ask = |who: &str| {
        let report = verifier().for_recipient(who).verify(site.assertion.to_string().as_bytes(), &site.material());
        report.outcome(CheckId::Recipient)
    };
    assert_eq!(ask("ada@example.com"), Some(Outcome::Pass));
    assert_eq!(ask("mailto:ada@example.com"), Some(Outcome::Pass));
    assert_eq!(ask("eve@example.com"), Some(Outcome::Fail));
}

#[test]
fn a_changed_copy_is_told() {
    let site = Site::new();
    for (member, value) in [
        ("recipient", json!({ "type": "email", "hashed": false, "identity": "eve@example.com" })),
        ("expires", json!("2090-01-01T00:00:00Z")),
        ("badge", json!("https://acme.example/2/another")),
        ("more", json!(1)),
    ] {
        let mut copy = site.assertion.clone();
        copy[member] = value;
        failed(&verify(&copy, &site.material()), CheckId::Proof, member);
    }
}

#[test]
fn revoked_ended_and_vanished_ones_are_told() {
    let mut site = Site::new();
    let mut material = site.material();
    material.add_gone(ASSERTION);
    let report = verify(&site.assertion, &material);
    failed(&report, CheckId::Status, "withdrawn");
    assert!(report.revoked);
    let revoked = RevokedAssertion::new(ASSERTION, Some("Given by mistake".into()));
    let revoked = serde_json::to_value(&revoked).unwrap();
    material.add(ASSERTION, revoked.to_string());
    for presented in [&site.assertion, &revoked] {
        let report = verify(presented, &material);
        failed(&report, CheckId::Status, "Given by mistake");
        assert!(report.revoked);
    }
    let mut material = site.material();
    material.add_failure(CLASS, "it answered with HTTP status 500");
    assert_eq!(verify(&site.assertion, &material).verdict, Verdict::Unknown);
    site.assertion["expires"] = json!("2025-01-01T00:00:00Z");
    failed(&site.verified(), CheckId::Dates, "2025");
}

#[test]
fn nobody_speaks_for_another_issuer() {
    let mut site = Site::new();
    // Somebody's own assertion and badge class that name Acme.
    let theirs = ["https://eve.example/1", "https://eve.example/helper"];
    site.assertion["id"] = json!(theirs[0]);
    site.assertion["badge"] = json!(theirs[1]);
    site.class["id"] = json!(theirs[1]);
    let mut material = site.material();
    material.add(theirs[0], site.assertion.to_string());
    material.add(theirs[1], site.class.to_string());
    failed(&verify(&site.assertion, &material), CheckId::Issuer, "not served by");
    // A profile that is only repeated, with a permission in it, is not the one that counts.
    let mut copied = site.issuer.clone();
    copied["verification"] = json!({ "type": "hosted", "allowedOrigins": ["eve.example"] });
    site.class["issuer"] = copied;
    material.add(theirs[1], site.class.to_string());
    failed(&verify(&site.assertion, &material), CheckId::Issuer, "not served by");
    // Acme itself may give that permission.
    site.issuer["verification"] = json!({ "type": "hosted", "allowedOrigins": ["acme.example", "eve.example"] });
    material.add(ISSUER, site.issuer.to_string());
    assert_eq!(verify(&site.assertion, &material).verdict, Verdict::Valid);
}

#[test]
fn beginnings_are_of_whole_hosts() {
    let mut site = Site::new();
    for (start, wanted) in [
        ("https://acme.example/2/", Verdict::Valid),
        ("https://acme.example/3/", Verdict::Invalid),
        ("https://acme.ex", Verdict::Invalid),
    ] {
        site.issuer["verification"] = json!({ "startsWith": start });
        assert_eq!(site.verified().verdict, wanted, "{start}");
    }
}

#[test]
fn documents_elsewhere_half_or_none_are_told() {
    let mut site = Site::new();
    site.class["id"] = json!("https://acme.example/2/other");
    failed(&site.verified(), CheckId::Proof, "another id");
    let mut site = Site::new();
    site.issuer.as_object_mut().unwrap().remove("email");
    failed(&site.verified(), CheckId::Schema, "has no email");
    let mut site = Site::new();
    site.class["type"] = json!("Achievement");
    failed(&site.verified(), CheckId::Schema, "BadgeClass");
    let mut site = Site::new();
    site.class["issuer"] = json!(7);
    failed(&site.verified(), CheckId::Proof, "no web address");
    let mut material = Site::new().material();
    material.add(CLASS, "[");
    failed(&verify(&Site::new().assertion, &material), CheckId::Proof, "cannot be read");
    let bare = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion" });
    failed(&verify(&bare, &Material::new()), CheckId::Proof, "no web address");
    assert!(verifier().needs(bare.to_string().as_bytes(), &Material::new()).is_empty());
}

#[test]
fn one_that_is_signed_is_not_taken_for_a_hosted_one() {
    let mut site = Site::new();
    site.assertion["verification"] = json!({ "type": "SignedBadge", "creator": "https://acme.example/key" });
    let report = site.verified();
    assert_eq!(report.verdict, Verdict::Unknown);
    assert!(report.check(CheckId::Proof).unwrap().message.contains("without the signature"));
}

#[test]
fn where_signatures_are_wanted_a_hosted_badge_is_none() {
    let site = Site::new();
    let bytes = site.assertion.to_string().into_bytes();
    let report = Verifier::new(NOW).verify(&bytes, &site.material());
    assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail), "{report:#?}");
    assert!(Verifier::new(NOW).needs(&bytes, &Material::new()).is_empty());
    let presented = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": [site.assertion],
    });
    let expected = laurel_openbadges::verify::Expected { unsigned: true, ..Default::default() };
    let verifier = verifier();
    let report = verifier.verify_presentation(presented.to_string().as_bytes(), &expected, &site.material());
    assert!(!report.is_valid(), "{report:#?}");
}
