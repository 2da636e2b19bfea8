//! Signed badges of Open Badges 2.0: by a library that is not ours, and every way in which one may be wrong.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use laurel_openbadges::baking::{BakedVersion, unbake};
use laurel_openbadges::keys::{Curve, EcSigningKey, MessageSigner, PemError, PublicKey, SigningKey};
use laurel_openbadges::verify::{CheckId, Material, NeedKind, Outcome, Report, Verdict, Verifier};
use laurel_openbadges::{Limits, Timestamp};
use serde_json::{Value, json};

use crate::oracles;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_760_000_000);
const CLASS: &str = "https://acme.example/2/helper";
const ISSUER: &str = "https://acme.example/2/issuer";
const KEY: &str = "https://acme.example/2/key";
const REVOKED: &str = "https://acme.example/2/revoked";
const CONTEXT: &str = "https://w3id.org/openbadges/v2";
const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/// What an issuer serves, and what it signs.
struct Site {
    assertion: Value,
    class: Value,
    issuer: Value,
    key: Value,
    revoked: Value,
}

impl Site {
    fn new(pem: &str) -> Self {
        let recipient = json!({ "type": "email", "hashed": false, "identity": "ada@example.com" });
        Self {
            assertion: json!({
                "@context": CONTEXT, "type": "Assertion", "id": "urn:uuid:a953081a-4bbc-4927-8653-7219bca00e3b",
                "recipient": recipient, "badge": CLASS, "issuedOn": "2025-06-01T00:00:00Z",
                "verification": { "type": "SignedBadge", "creator": KEY },
            }),
            class: json!({
                "@context": CONTEXT, "type": "BadgeClass", "id": CLASS, "name": "Helper", "description": "Helped.",
                "image": "https://acme.example/helper.png", "criteria": { "narrative": "Help." }, "issuer": ISSUER,
            }),
            issuer: json!({
                "@context": CONTEXT, "type": "Profile", "id": ISSUER, "name": "Acme", "url": "https://acme.example",
                "email": "badges@acme.example", "publicKey": KEY, "revocationList": REVOKED,
            }),
            key: json!({
                "@context": CONTEXT, "type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": pem,
            }),
            revoked: json!({
                "@context": CONTEXT, "type": "RevocationList", "id": REVOKED, "issuer": ISSUER,
                "revokedAssertions": ["urn:uuid:1", { "id": "urn:uuid:2", "revocationReason": "Another" }],
            }),
        }
    }

    fn served(&self) -> [(&str, &Value); 4] {
        [(CLASS, &self.class), (ISSUER, &self.issuer), (KEY, &self.key), (REVOKED, &self.revoked)]
    }

    fn material(&self) -> Material {
        let mut material = Material::new();
        self.served().into_iter().for_each(|(url, document)| material.add(url, document.to_string()));
        material
    }

    fn signed_by(&self, signer: &dyn MessageSigner) -> String {
        let header = json!({ "alg": signer.public_key().algorithm().to_string() });
        token(&header, &self.assertion, signer)
    }

    fn verified(&self, signer: &dyn MessageSigner) -> Report {
        verifier().verify(self.signed_by(signer).as_bytes(), &self.material())
    }
}

fn verifier() -> Verifier<'static> {
    Verifier::new(NOW).with_open_badges_2()
}

fn token(header: &Value, payload: &Value, signer: &dyn MessageSigner) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(payload));
    let signature = signer.sign_message(signed.as_bytes()).unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[5; 32])
}

/// `SubjectPublicKeyInfo` of Ed25519 (RFC 8410, section 4) in PEM.
fn pem(key: &SigningKey) -> String {
    let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let der = [&prefix[..], key.multikey().as_bytes()].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(der))
}

fn told(report: &Report, id: CheckId, outcome: Outcome, words: &str) {
    let found =
        report.checks.iter().any(|check| check.id == id && check.outcome == outcome && check.message.contains(words));
    assert!(found, "{id:?} {outcome:?} {words}: {report:#?}");
}

fn failed(report: &Report, id: CheckId, words: &str) {
    assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
    told(report, id, Outcome::Fail, words);
}

#[test]
fn what_the_badge_library_issues_is_accepted_and_refused_once_changed() {
    let site = Site::new("");
    let wanted =
        ["RS256", "ES256", "EdDSA"].map(|algorithm| json!({ "algorithm": algorithm, "assertion": site.assertion }));
    let images = json!({ "png": PNG, "svg": BASE64_STANDARD.encode(SVG) });
    let Some(issued) = oracles::ask("issue.py", &json!({ "credentials": wanted, "images": images })) else { return };
    for (answer, wanted) in issued.iter().zip(&wanted) {
        let text = |member: &str| answer[member].as_str().unwrap();
        let algorithm = wanted["algorithm"].as_str().unwrap();
        let material = Site::new(text("key")).material();
        for image in ["png", "svg"] {
            let image = BASE64_STANDARD.decode(text(image)).unwrap();
            let baked = unbake(&image, &Limits::default()).unwrap().unwrap();
            assert_eq!(baked.version, BakedVersion::V2);
            let report = verifier().verify(baked.text.as_bytes(), &material);
            assert_eq!(report.verdict, Verdict::Valid, "{algorithm}: {report:#?}");
            told(&report, CheckId::Proof, Outcome::Pass, algorithm);
            assert_eq!(report.issuer.as_deref(), Some(ISSUER));
        }
        let [header, payload, signature]: [&str; 3] = text("token").split('.').collect::<Vec<_>>().try_into().unwrap();
        let said = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let other = BASE64_URL_SAFE_NO_PAD.encode(said.replace("ada@", "eve@"));
        let changed = format!("{header}.{other}.{signature}");
        failed(&verifier().verify(changed.as_bytes(), &material), CheckId::Proof, "does not fit");
    }
}

#[test]
fn each_document_leads_to_the_next() {
    let site = Site::new(&pem(&key()));
    let text = site.signed_by(&key());
    let mut material = Material::new();
    for urls in [vec![CLASS], vec![ISSUER], vec![KEY, REVOKED]] {
        let needs = verifier().needs(text.as_bytes(), &material);
        assert!(needs.iter().all(|need| need.kind == NeedKind::Hosted));
        assert_eq!(needs.iter().map(|need| need.url.as_str()).collect::<Vec<_>>(), urls);
        assert_eq!(verifier().verify(text.as_bytes(), &material).verdict, Verdict::Unknown);
        let served = site.served().into_iter().filter(|(url, _)| urls.contains(url));
        served.for_each(|(url, document)| material.add(url, document.to_string()));
    }
    assert!(verifier().needs(text.as_bytes(), &material).is_empty());
    assert_eq!(verifier().verify(text.as_bytes(), &material).verdict, Verdict::Valid);
    // Who asks for credentials that speak for themselves is not answered with an older badge.
    let strict = Verifier::new(NOW);
    assert_eq!(strict.verify(text.as_bytes(), &material).verdict, Verdict::Invalid);
}

#[test]
fn a_key_or_a_class_may_stand_where_it_is_named() {
    let mut site = Site::new(&pem(&key()));
    site.issuer["publicKey"] = json!([{ "id": "urn:other", "publicKeyPem": "" }, site.key.clone()]);
    site.key = json!({});
    assert_eq!(site.verified(&key()).verdict, Verdict::Valid);
    // Without a name, any key of the profile will do.
    site.assertion["verification"] = json!({ "type": "SignedBadge" });
    assert_eq!(site.verified(&key()).verdict, Verdict::Valid);
    site.class["id"] = json!("urn:uuid:c");
    site.assertion["badge"] = site.class.clone();
    site.class = json!({});
    assert_eq!(site.verified(&key()).verdict, Verdict::Valid);
}

#[test]
fn only_a_key_of_the_issuer_signs_for_it() {
    let (own, foreign) = (key(), SigningKey::from_seed(&[6; 32]));
    failed(&Site::new(&pem(&own)).verified(&foreign), CheckId::Proof, "does not fit");
    // A key that somebody publishes in the issuer's name …
    let mut site = Site::new(&pem(&foreign));
    site.assertion["verification"]["creator"] = json!("https://eve.example/key");
    failed(&site.verified(&foreign), CheckId::Issuer, "does not list the key");
    // … and one that the issuer lists, but that is another's.
    let mut site = Site::new(&pem(&own));
    site.key["owner"] = json!("https://eve.example/issuer");
    failed(&site.verified(&own), CheckId::Proof, "as its owner");
    let mut site = Site::new("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----");
    failed(&site.verified(&own), CheckId::Proof, "BEGIN PUBLIC KEY");
    site.key["publicKeyPem"] = json!(7);
    failed(&site.verified(&own), CheckId::Proof, "publicKeyPem");
    // The header never chooses the algorithm.
    let site = Site::new(&pem(&own));
    let ec = EcSigningKey::from_scalar(Curve::P256, &[7; 32]).unwrap();
    failed(&site.verified(&ec), CheckId::Proof, "does not fit");
    for algorithm in ["none", "HS256"] {
        let text = token(&json!({ "alg": algorithm }), &site.assertion, &own);
        failed(&verifier().verify(text.as_bytes(), &site.material()), CheckId::Parse, "algorithm");
    }
}

#[test]
fn revoked_ended_and_incomplete_ones_are_told() {
    let entries = [
        (json!(["urn:uuid:a953081a-4bbc-4927-8653-7219bca00e3b"]), "revoked it."),
        (
            json!([{ "id": "urn:uuid:a953081a-4bbc-4927-8653-7219bca00e3b", "revocationReason": "By mistake" }]),
            "By mistake",
        ),
        (json!([{ "uid": "17", "revocationReason": "Old" }]), "Old"),
    ];
    for (entries, words) in entries {
        let mut site = Site::new(&pem(&key()));
        site.assertion["uid"] = json!("17");
        site.revoked["revokedAssertions"] = entries;
        let report = site.verified(&key());
        failed(&report, CheckId::Status, words);
        assert!(report.revoked);
    }
    let mut site = Site::new(&pem(&key()));
    site.assertion["expires"] = json!("2025-07-01T00:00:00Z");
    failed(&site.verified(&key()), CheckId::Dates, "2025-07-01");
    let mut site = Site::new(&pem(&key()));
    site.class.as_object_mut().unwrap().remove("criteria");
    failed(&site.verified(&key()), CheckId::Schema, "criteria");
    let site = Site::new(&pem(&key()));
    let mut material = site.material();
    material.add_failure(REVOKED, "the connection was closed");
    let report = verifier().verify(site.signed_by(&key()).as_bytes(), &material);
    assert_eq!(report.verdict, Verdict::Unknown);
    told(&report, CheckId::Status, Outcome::NotChecked, "connection was closed");
}

#[test]
fn whose_it_is_can_be_asked() {
    let site = Site::new(&pem(&key()));
    let ask = |who: &str| {
        let verifier = verifier().for_recipient(who);
        verifier.verify(site.signed_by(&key()).as_bytes(), &site.material()).outcome(CheckId::Recipient)
    };
    assert_eq!((ask("ada@example.com"), ask("eve@example.com")), (Some(Outcome::Pass), Some(Outcome::Fail)));
}

#[test]
fn keys_in_pem() {
    let own = key();
    assert_eq!(PublicKey::from_pem(&pem(&own)).unwrap(), own.multikey().into());
    let short = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----";
    assert_eq!(PublicKey::from_pem(short), Err(PemError::Structure));
    assert_eq!(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\n*\n-----END PUBLIC KEY-----"), Err(PemError::Encoding));
    let long = format!("-----BEGIN PUBLIC KEY-----{}-----END PUBLIC KEY-----", "A".repeat(9_000));
    assert_eq!(PublicKey::from_pem(&long), Err(PemError::Encoding));
    // A key with which nobody should sign: RSA of 512 bits.
    let weak = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALnoSKZxfTkzbCUM6RRKuFCI5YGuYFqZ\n\
        rOaB2RsZ6IIzPcCUdGWAjHjcLO6yJFYBmBc0Ek4yWEXFTRcrhRePyAMCAwEAAQ==\n-----END PUBLIC KEY-----";
    assert_eq!(PublicKey::from_pem(weak), Err(PemError::Kind));
    for text in ["", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----", "AAAA"] {
        assert_eq!(PublicKey::from_pem(text), Err(PemError::Label));
    }
}
