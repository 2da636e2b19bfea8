//! Badges of every kind, and what their issuer serves, all by our own code.
// What fails here is a failed test.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::documents::{
    Achievement, AchievementResult, AchievementSubject, Alignment, ClrCredential, CredentialSchema, Criteria,
    DataModel, EndorsementCredential, Evidence, IdentityObject, IdentityType, OpenBadgeCredential, Profile,
    RefreshService, ResultDescription, ResultType,
};
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, add_proof, sign};
use laurel_openbadges::status::{Bitstring, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::{Limits, Timestamp};
use serde_json::{Value, json};

/// When badges are looked at, in seconds.
pub(crate) const NOW: i64 = 1_763_000_000;
const FROM: Timestamp = Timestamp::from_unix_seconds(NOW - 86_400);
const LIST: &str = "https://acme.example/status/1";
const OLDER: &str = "https://acme.example/2";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

fn web() -> DidWeb {
    DidWeb::new("acme.example", ["issuers", "1"]).unwrap()
}

fn badge(issuer: &str) -> OpenBadgeCredential {
    let criteria = Criteria::narrative("Ten solved \u{1F600} questions.");
    let achievement = Achievement::new("https://acme.example/achievements/1", "Helper", "Helped \"others\".", criteria);
    let subject = AchievementSubject::new("did:example:ada", achievement);
    OpenBadgeCredential::new(
        "urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "Helper",
        Profile::named(issuer, "Acme"),
        FROM,
        subject,
    )
}

fn rich(issuer: &str) -> OpenBadgeCredential {
    let mut badge = badge(issuer);
    badge.valid_until = Some(Timestamp::from_unix_seconds(NOW + 86_400));
    badge.evidence = vec![Evidence::at("https://forum.example/t/1"), Evidence::narrative("At night.")];
    badge.schema = vec![CredentialSchema::open_badges()];
    badge.refresh_service = Some(RefreshService::one_ed_tech("https://acme.example/refresh/1"));
    badge.status = [StatusPurpose::Revocation, StatusPurpose::Suspension]
        .map(|purpose| StatusEntry::new(format!("{LIST}/{}", purpose.as_str()), purpose, 7))
        .to_vec();
    badge.endorsement = vec![signed_value(&endorsement("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0"))];
    badge.subject.identifier = vec![IdentityObject::hashed(IdentityType::EmailAddress, "ada@example.com", "pepper")];
    badge.subject.credits_earned = Some(2.5);
    badge.subject.result = vec![AchievementResult {
        result_description: Some("urn:result:1".into()),
        value: Some("87".into()),
        ..AchievementResult::default()
    }];
    badge.subject.achievement.alignment = vec![Alignment::new("teach", "https://skills.example/1")];
    badge.subject.achievement.result_description =
        vec![ResultDescription::new("urn:result:1", "Score", ResultType::Percent)];
    badge
}

fn endorsement(of: &str) -> Vec<u8> {
    let issuer = Profile::named(key().did_key().to_string(), "Agency");
    EndorsementCredential::new("urn:uuid:0d9b4a0e-6a0b-4f5e-9c1e-0f5c8a5b8f11", "Good", issuer, FROM, of)
        .to_bytes()
        .unwrap()
}

fn record(issuer: &str) -> Vec<u8> {
    let badges = vec![signed_value(&badge(&key().did_key().to_string()).to_bytes().unwrap())];
    let issuer = Profile::named(issuer, "School");
    ClrCredential::new(
        "urn:uuid:3c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "Record",
        issuer,
        FROM,
        "did:example:ada",
        badges,
    )
    .to_bytes()
    .unwrap()
}

fn signed_value(unsigned: &[u8]) -> Value {
    serde_json::from_slice(&signed_by_key(unsigned, Cryptosuite::EddsaRdfc2022)).unwrap()
}

fn signed_by_key(unsigned: &[u8], suite: Cryptosuite) -> Vec<u8> {
    sign(unsigned, &key(), &ProofOptions::new(suite, key().did_key().verification_method(), FROM)).unwrap()
}

fn signed_by_web(unsigned: &[u8], suite: Cryptosuite) -> Vec<u8> {
    sign(unsigned, &key(), &ProofOptions::new(suite, web().verification_method(&key().multikey()), FROM)).unwrap()
}

/// Documents before they are signed.
pub(crate) fn unsigned() -> Vec<Vec<u8>> {
    let did = key().did_key().to_string();
    let mut older = badge(&did);
    older.data_model = DataModel::V1;
    let linked = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {
            "acme": "https://acme.example/#", "tags": {"@id": "acme:tag", "@container": "@list"},
            "labels": {"@id": "acme:label", "@container": "@language"},
        }],
        "type": ["VerifiableCredential", "acme:Kind"], "issuer": did,
        "credentialSubject": [{"tags": ["a", "b"], "labels": {"de": "Eins"}, "acme:x": [1, 1.5, true]}, {"tags": []}],
    });
    vec![
        badge(&did).to_bytes().unwrap(),
        rich(&did).to_bytes().unwrap(),
        older.to_bytes().unwrap(),
        endorsement("https://acme.example/achievements/1"),
        record(&did),
        linked.to_string().into_bytes(),
    ]
}

/// Everything a verifier may be given.
pub(crate) fn signed() -> Vec<Vec<u8>> {
    let (did, web) = (key().did_key().to_string(), web().to_string());
    let mut all = Vec::new();
    for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
        all.push(signed_by_key(&badge(&did).to_bytes().unwrap(), suite));
        all.push(signed_by_web(&rich(&web).to_bytes().unwrap(), suite));
    }
    all.push(signed_by_web(&record(&web), Cryptosuite::EddsaRdfc2022));
    all.push(chained(&all[0]));
    all.push(with_resource(&did));
    all.push(presentation(&all[0]));
    all.extend(tokens());
    all.push(assertion("hosted").to_string().into_bytes());
    all.push(token(&json!({ "alg": "EdDSA" }), &assertion("signed")));
    all
}

fn chained(signed: &[u8]) -> Vec<u8> {
    let mut first: Value = serde_json::from_slice(signed).unwrap();
    first.as_object_mut().unwrap().remove("proof");
    let method = key().did_key().verification_method();
    let options = |id: &str| ProofOptions {
        id: Some(id.into()),
        ..ProofOptions::new(Cryptosuite::EddsaJcs2022, method.clone(), FROM)
    };
    let first = sign(first.to_string().as_bytes(), &key(), &options("urn:proof:1")).unwrap();
    let next = ProofOptions { previous_proof: vec!["urn:proof:1".into()], ..options("urn:proof:2") };
    add_proof(&first, &key(), &next, Contexts::bundled(), &Limits::default()).unwrap()
}

fn with_resource(issuer: &str) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&badge(issuer).to_bytes().unwrap()).unwrap();
    document["relatedResource"] = json!([{ "id": "https://acme.example/i.svg", "mediaType": "image/svg+xml",
        "digestSRI": "sha256-AAAA", "digestMultibase": "zQmX" }]);
    signed_by_key(document.to_string().as_bytes(), Cryptosuite::EddsaJcs2022)
}

fn presentation(badge: &[u8]) -> Vec<u8> {
    let badge: Value = serde_json::from_slice(badge).unwrap();
    let document = json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "holder": key().did_key().to_string(), "verifiableCredential": [badge] });
    let options = ProofOptions {
        purpose: ProofPurpose::Authentication,
        challenge: Some("c-1".into()),
        domain: Some("shop.example".into()),
        ..ProofOptions::new(Cryptosuite::EddsaRdfc2022, key().did_key().verification_method(), FROM)
    };
    sign(document.to_string().as_bytes(), &key(), &options).unwrap()
}

/// Badges as tokens: with the key itself, and with the name of one that is served.
pub(crate) fn tokens() -> Vec<Vec<u8>> {
    let web = web();
    let kid = KeyReference::Kid(web.verification_method(&key().multikey()));
    let signed = |profile, reference: &KeyReference| {
        let unsigned = rich(&web.to_string()).to_bytes().unwrap();
        sign_credential(&unsigned, &key(), &JwtOptions::new(profile, reference.clone())).unwrap().into_bytes()
    };
    vec![
        signed(JwtProfile::OpenBadges, &KeyReference::Jwk),
        signed(JwtProfile::OpenBadges, &kid),
        signed(JwtProfile::JoseCose, &kid),
        signed(JwtProfile::DataModel1, &kid),
    ]
}

fn token(header: &Value, payload: &Value) -> Vec<u8> {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(payload));
    let signature = key().sign_message(signed.as_bytes());
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)).into_bytes()
}

/// A badge of Open Badges 2.0.
fn assertion(form: &str) -> Value {
    let verification = match form {
        "hosted" => json!({ "type": "HostedBadge" }),
        _ => json!({ "type": "SignedBadge", "creator": format!("{OLDER}/key") }),
    };
    json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": format!("{OLDER}/{form}"),
        "recipient": { "type": "email", "hashed": false, "identity": "ada@example.com" },
        "badge": format!("{OLDER}/helper"), "issuedOn": "2025-06-01T00:00:00Z", "verification": verification })
}

/// What is served, by address.
pub(crate) fn served() -> BTreeMap<String, Vec<u8>> {
    let mut served = BTreeMap::new();
    let mut add = |url: String, document: Value| served.insert(url, document.to_string().into_bytes());
    add(web().document_url(), web().document(&[key().multikey()]));
    add(format!("{OLDER}/hosted"), assertion("hosted"));
    let older = |class: &str, rest: Value| {
        let mut document = json!({ "@context": "https://w3id.org/openbadges/v2", "type": class });
        document.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        document
    };
    let (class, issuer) = (format!("{OLDER}/helper"), format!("{OLDER}/issuer"));
    let (list, pem_key) = (format!("{OLDER}/revoked"), format!("{OLDER}/key"));
    add(
        class.clone(),
        older(
            "BadgeClass",
            json!({ "id": class, "name": "Helper", "description": "Helped.",
        "image": "https://acme.example/i.png", "criteria": { "narrative": "Help." }, "issuer": issuer }),
        ),
    );
    add(
        issuer.clone(),
        older(
            "Profile",
            json!({ "id": issuer, "name": "Acme", "url": "https://acme.example",
        "email": "badges@acme.example", "publicKey": pem_key, "revocationList": list,
        "verification": { "allowedOrigins": ["acme.example"], "startsWith": [OLDER] } }),
        ),
    );
    add(
        list.clone(),
        older(
            "RevocationList",
            json!({ "id": list, "issuer": issuer,
        "revokedAssertions": ["urn:uuid:1", { "id": "urn:uuid:2", "revocationReason": "Another" }] }),
        ),
    );
    add(pem_key.clone(), older("CryptographicKey", json!({ "id": pem_key, "owner": issuer, "publicKeyPem": pem() })));
    for purpose in [StatusPurpose::Revocation, StatusPurpose::Suspension] {
        let id = format!("{LIST}/{}", purpose.as_str());
        let list = StatusListCredential {
            id: id.clone(),
            issuer: web().to_string(),
            purpose,
            valid_from: FROM,
            valid_until: None,
            ttl_millis: Some(300_000),
        };
        let list = signed_by_web(&list.to_bytes(&Bitstring::new(131_072).unwrap()), Cryptosuite::EddsaRdfc2022);
        served.insert(id, list);
    }
    served
}

/// The key as `SubjectPublicKeyInfo` (RFC 8410, section 4) in PEM.
pub(crate) fn pem() -> String {
    let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let der = [&prefix[..], key().multikey().as_bytes()].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(der))
}

/// The smallest drawing and the smallest picture.
pub(crate) fn images() -> Vec<Vec<u8>> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgba8(2, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let svg = br#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>"#;
    vec![png.into_inner(), svg.to_vec()]
}
