//! Presentations: embedded, enveloped and as tokens; challenges, sites and holders.

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential, sign_presentation};
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, add_proof, sign};
use laurel_openbadges::status::{Bitstring, MINIMUM_ENTRIES, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{CheckId, Expected, Material, Outcome, PresentationReport, Verdict, Verifier};
use laurel_openbadges::{Limits, Timestamp};
use serde_json::{Value, json};

use crate::{badges, signers};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_763_000_000);

fn issuer() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

fn holder() -> SigningKey {
    SigningKey::from_seed(&[43; 32])
}

fn expected() -> Expected {
    Expected { challenge: Some("c-1".into()), domain: Some("shop.example".into()), unsigned: false }
}

fn verify(presentation: impl AsRef<[u8]>, expected: &Expected) -> PresentationReport {
    Verifier::new(NOW).verify_presentation(presentation.as_ref(), expected, &Material::new())
}

fn outcome(report: &PresentationReport, id: CheckId) -> Option<Outcome> {
    report.checks.iter().filter(|check| check.id == id).map(|check| check.outcome).next_back()
}

fn badge(suite: Cryptosuite) -> Value {
    let key = issuer();
    let options = ProofOptions::new(suite, key.did_key().verification_method(), NOW);
    let document = badges::complete(&key.did_key().to_string()).to_bytes().unwrap();
    serde_json::from_slice(&sign(&document, &key, &options).unwrap()).unwrap()
}

fn enveloped(class: &str, media: &str, token: &str) -> Value {
    json!({ "@context": "https://www.w3.org/ns/credentials/v2", "type": class, "id": format!("data:{media},{token}") })
}

fn badge_token(profile: JwtProfile) -> String {
    let signer = signers::all().remove(1).1;
    let document = badges::complete(&signer.public_key().did_key()).to_bytes().unwrap();
    sign_credential(&document, signer.as_ref(), &JwtOptions::new(profile, KeyReference::Jwk)).unwrap()
}

fn unsigned(credentials: &[Value]) -> Value {
    json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:uuid:6a1b2c3d-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "type": ["VerifiablePresentation"], "holder": holder().did_key().to_string(), "verifiableCredential": credentials })
}

fn options(suite: Cryptosuite) -> ProofOptions {
    ProofOptions {
        purpose: ProofPurpose::Authentication,
        challenge: Some("c-1".into()),
        domain: Some("shop.example".into()),
        ..ProofOptions::new(suite, holder().did_key().verification_method(), NOW)
    }
}

fn signed(presentation: &Value, options: &ProofOptions) -> Vec<u8> {
    sign(presentation.to_string().as_bytes(), &holder(), options).unwrap()
}

#[test]
fn several_credentials_of_every_kind_in_one() {
    let credentials = [
        badge(Cryptosuite::EddsaRdfc2022),
        badge(Cryptosuite::EddsaJcs2022),
        enveloped("EnvelopedVerifiableCredential", "application/vc+jwt", &badge_token(JwtProfile::JoseCose)),
        enveloped("EnvelopedVerifiableCredential", "application/jwt", &badge_token(JwtProfile::OpenBadges)),
    ];
    for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
        let presentation = signed(&unsigned(&credentials), &options(suite));
        let report = verify(&presentation, &expected());
        assert!(report.is_valid(), "{suite}: {report:#?}");
        assert_eq!(report.credentials.len(), 4);
        assert_eq!(report.holder, Some(holder().did_key().to_string()));
        let text = String::from_utf8(presentation).unwrap();
        let changed = text.replacen("urn:uuid:6a", "urn:uuid:6b", 1);
        assert_eq!(outcome(&verify(changed, &expected()), CheckId::Proof), Some(Outcome::Fail));
        let changed = text.replacen("Ten solved", "Two solved", 1);
        assert_eq!(verify(changed, &expected()).credentials[0].verdict, Verdict::Invalid);
    }
}

/// As many badges as one presentation may hold, by all suites, each with its status: no limit that stops the hostile is in the way.
#[test]
fn a_career_in_one_presentation() {
    let (key, list) = (issuer(), "https://badges.example/status/1");
    let options = |suite| ProofOptions::new(suite, key.did_key().verification_method(), NOW);
    let published = StatusListCredential {
        id: list.into(),
        issuer: key.did_key().to_string(),
        purpose: StatusPurpose::Revocation,
        valid_from: NOW,
        valid_until: None,
        ttl_millis: None,
    };
    let published = published.to_bytes(&Bitstring::new(MINIMUM_ENTRIES).unwrap());
    let mut material = Material::new();
    material.add(list, sign(&published, &key, &options(Cryptosuite::EddsaRdfc2022)).unwrap());
    let badge = |number: u64| {
        let mut badge = badges::minimal(&key.did_key().to_string());
        badge.id = format!("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-{number:012}");
        badge.status = vec![StatusEntry::new(list, StatusPurpose::Revocation, number)];
        let signed = sign(&badge.to_bytes().unwrap(), &key, &options(Cryptosuite::EddsaRdfc2022)).unwrap();
        serde_json::from_slice(&signed).unwrap()
    };
    let badges: Vec<Value> = (0..500).map(badge).collect();
    let bare = unsigned(&badges).to_string();
    let verifier = Verifier::new(NOW);
    let report = verifier.verify_presentation(bare.as_bytes(), &Expected { unsigned: true, ..expected() }, &material);
    let faults = |report: &PresentationReport| -> Vec<String> {
        let all = report.checks.iter().chain(report.credentials.iter().flat_map(|each| &each.checks));
        all.filter(|check| check.outcome != Outcome::Pass).map(|check| check.message.clone()).take(3).collect()
    };
    assert!(report.is_valid() && report.credentials.len() == 500, "{:?}", faults(&report));
    for suite in [Cryptosuite::EddsaJcs2022, Cryptosuite::EddsaRdfc2022] {
        let presented = signed(&unsigned(&badges), &self::options(suite));
        let report = verifier.verify_presentation(&presented, &expected(), &material);
        assert!(report.is_valid(), "{suite}: {:?}", faults(&report));
    }
}

#[test]
fn challenge_site_and_purpose_are_checked() {
    let good = signed(&unsigned(&[badge(Cryptosuite::EddsaJcs2022)]), &options(Cryptosuite::EddsaRdfc2022));
    assert!(verify(&good, &expected()).is_valid());
    assert!(verify(&good, &Expected::default()).is_valid(), "nothing expected, nothing missed");
    let other = |change: fn(&mut Expected)| {
        let mut expected = expected();
        change(&mut expected);
        verify(&good, &expected)
    };
    let replayed = other(|expected| expected.challenge = Some("c-2".into()));
    assert!(
        replayed.checks.iter().any(|check| check.message.contains("does not answer the challenge")),
        "{replayed:#?}"
    );
    let elsewhere = other(|expected| expected.domain = Some("bank.example".into()));
    assert!(elsewhere.checks.iter().any(|check| check.message.contains("another site")), "{elsewhere:#?}");
    let asserted = ProofOptions { purpose: ProofPurpose::AssertionMethod, ..options(Cryptosuite::EddsaRdfc2022) };
    let report = verify(signed(&unsigned(&[]), &asserted), &expected());
    assert!(report.checks.iter().any(|check| check.message.contains("not for \"authentication\"")), "{report:#?}");
}

#[test]
fn a_holder_signs_for_itself_alone() {
    let mut stolen = unsigned(&[badge(Cryptosuite::EddsaJcs2022)]);
    stolen["holder"] = issuer().did_key().to_string().into();
    let report = verify(signed(&stolen, &options(Cryptosuite::EddsaRdfc2022)), &expected());
    assert_eq!(outcome(&report, CheckId::Holder), Some(Outcome::Fail), "{report:#?}");
    let mut nameless = unsigned(&[]);
    nameless.as_object_mut().unwrap().remove("holder");
    assert!(verify(signed(&nameless, &options(Cryptosuite::EddsaRdfc2022)), &expected()).is_valid());
    // A key that its owner allows for credentials only.
    let web = DidWeb::new("holder.example", []).unwrap();
    let mut document = web.document(&[holder().multikey()]);
    document["authentication"] = json!([]);
    let mut presented = unsigned(&[]);
    presented["holder"] = web.to_string().into();
    let method = ProofOptions {
        verification_method: web.verification_method(&holder().multikey()),
        ..options(Cryptosuite::EddsaRdfc2022)
    };
    let mut material = Material::new();
    let presented = signed(&presented, &method);
    assert_eq!(Verifier::new(NOW).needs(&presented, &material)[0].url, web.document_url());
    material.add(web.document_url(), document.to_string());
    let report = Verifier::new(NOW).verify_presentation(&presented, &expected(), &material);
    assert!(
        report.checks.iter().any(|check| check.message.contains("does not allow this key for authentication")),
        "{report:#?}"
    );
}

#[test]
fn without_a_signature_only_where_that_is_accepted() {
    let presentation = unsigned(&[badge(Cryptosuite::EddsaRdfc2022)]).to_string();
    assert_eq!(verify(&presentation, &expected()).verdict, Verdict::Invalid);
    assert!(verify(&presentation, &Expected { unsigned: true, ..expected() }).is_valid());
    let undefined = presentation.replacen("\"holder\"", "\"undefinedTerm\":1,\"holder\"", 1);
    assert_eq!(verify(undefined, &Expected { unsigned: true, ..expected() }).verdict, Verdict::Invalid);
}

#[test]
fn every_proof_of_a_presentation_must_hold() {
    let once = signed(&unsigned(&[]), &options(Cryptosuite::EddsaRdfc2022));
    let twice =
        add_proof(&once, &holder(), &options(Cryptosuite::EddsaJcs2022), Contexts::bundled(), &Limits::default())
            .unwrap();
    assert!(verify(&twice, &expected()).is_valid());
    let other = ProofOptions { challenge: Some("other".into()), ..options(Cryptosuite::EddsaJcs2022) };
    let mixed = add_proof(&once, &holder(), &other, Contexts::bundled(), &Limits::default()).unwrap();
    assert_eq!(verify(&mixed, &expected()).verdict, Verdict::Invalid);
}

#[test]
fn presentations_as_tokens_and_in_envelopes() {
    let holder = signers::all().remove(1).1;
    let did = holder.public_key().did_key();
    let mut document = unsigned(&[enveloped(
        "EnvelopedVerifiableCredential",
        "application/vc+jwt",
        &badge_token(JwtProfile::JoseCose),
    )]);
    document["holder"] = did.clone().into();
    for profile in [JwtProfile::JoseCose, JwtProfile::DataModel1] {
        let options = JwtOptions {
            nonce: expected().challenge,
            audience: expected().domain,
            ..JwtOptions::new(profile, KeyReference::Kid(format!("{did}#{}", holder.public_key())))
        };
        let token = sign_presentation(document.to_string().as_bytes(), holder.as_ref(), &options).unwrap();
        let envelope = enveloped("EnvelopedVerifiablePresentation", "application/vp+jwt", &token);
        for form in [token, envelope.to_string()] {
            let report = verify(&form, &expected());
            assert!(report.is_valid(), "{profile:?}: {report:#?}");
            assert_eq!((report.credentials.len(), report.holder.as_deref()), (1, Some(did.as_str())));
            assert_eq!(
                verify(&form, &Expected { challenge: Some("c-2".into()), ..expected() }).verdict,
                Verdict::Invalid
            );
            assert_eq!(verify(&form, &Expected { domain: Some("x".into()), ..expected() }).verdict, Verdict::Invalid);
        }
    }
}

#[test]
fn envelopes_are_what_they_say() {
    let good = enveloped("EnvelopedVerifiableCredential", "application/vc+jwt", &badge_token(JwtProfile::JoseCose));
    let verifier = Verifier::new(NOW);
    assert!(verifier.verify(good.to_string().as_bytes(), &Material::new()).is_valid());
    let token = badge_token(JwtProfile::JoseCose);
    let cases = [
        ("@context", json!([]), "must include https://www.w3.org/ns/credentials/v2"),
        ("@context", json!("https://www.w3.org/ns/credentials/examples/v2"), "must include"),
        ("id", json!(token), "must be a data: URL"),
        ("id", json!(format!("data:text/plain,{token}")), "media type"),
        ("id", json!("data:application/vc+jwt,abc"), "three parts"),
        ("type", json!("VerifiableCredential"), "complete credential"),
        ("type", json!(null), "complete credential"),
    ];
    for (member, value, expected) in cases {
        let mut envelope = good.clone();
        envelope[member] = value.clone();
        let report = verifier.verify(envelope.to_string().as_bytes(), &Material::new());
        assert_eq!(report.verdict, Verdict::Invalid, "{member}: {value}");
        assert!(report.checks.iter().any(|check| check.message.contains(expected)), "{member} {value}: {report:#?}");
        let presented = verify(
            signed(&unsigned(&[good.clone(), envelope]), &options(Cryptosuite::EddsaJcs2022)),
            &self::expected(),
        );
        assert_eq!(presented.verdict, Verdict::Invalid, "{member}: {value}");
        assert!(presented.credentials[0].is_valid());
    }
    // Secured in ways that are in use, and that this verifier does not know.
    for media in ["application/vc+sd-jwt", "application/vc+cose;base64"] {
        let other = enveloped("EnvelopedVerifiableCredential", media, "AAAA");
        let presented =
            verify(signed(&unsigned(&[good.clone(), other]), &options(Cryptosuite::EddsaJcs2022)), &expected());
        assert_eq!(
            (presented.verdict, presented.credentials[1].verdict),
            (Verdict::Unknown, Verdict::Unknown),
            "{media}"
        );
    }
    for wrong in [json!("https://a.example/1"), json!(token), json!(7), json!(null), json!({})] {
        let presented =
            verify(signed(&unsigned(std::slice::from_ref(&wrong)), &options(Cryptosuite::EddsaJcs2022)), &expected());
        assert_eq!(presented.verdict, Verdict::Invalid, "{wrong}");
    }
}

#[test]
fn recipients_are_compared_plain_and_hashed() {
    let badge = badge(Cryptosuite::EddsaJcs2022).to_string();
    let asked = |who: &str| Verifier::new(NOW).for_recipient(who).verify(badge.as_bytes(), &Material::new());
    for who in [
        "urn:uuid:5e0a7a4e-4b6e-4c0b-8d80-b3f5a3d6d0b1",
        "ada@example.com",
        "email:ADA@example.com",
        "mailto:ada@example.com",
        "",
    ] {
        assert_eq!(asked(who).outcome(CheckId::Recipient), Some(Outcome::Pass), "{who}");
    }
    for who in ["urn:uuid:5e0a7a4e", "eve@example.com", "email:eve@example.com"] {
        assert_eq!(asked(who).outcome(CheckId::Recipient), Some(Outcome::Fail), "{who}");
    }
}
