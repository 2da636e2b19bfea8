//! Securing Verifiable Credentials using JOSE and COSE, the JOSE part (the suite `vc-jose-cose-test-suite`, cases 1 to 16).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential, sign_presentation};
use laurel_openbadges::keys::{MessageSigner, PublicKey};
use laurel_openbadges::verify::{CheckId, Expected, Material, Outcome, Report, Verifier};
use serde_json::{Value, json};

use super::{BASE, EXAMPLES, NOW};
use crate::signers;

const ISSUER: &str = "https://issuer.example/controller";

/// The controller's document, with a key of each kind listed by its thumbprint.
fn controller() -> Material {
    let keys: Vec<PublicKey> = signers::all().iter().map(|(_, signer)| signer.public_key()).collect();
    let methods = keys.iter().map(|key| {
        let mut jwk = key.to_jwk();
        jwk["kid"] = key.thumbprint().into();
        json!({ "id": format!("{ISSUER}#{}", key.thumbprint()), "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": jwk })
    });
    let names: Vec<String> = keys.iter().map(|key| format!("{ISSUER}#{}", key.thumbprint())).collect();
    let document = json!({ "id": ISSUER, "verificationMethod": methods.collect::<Vec<_>>(), "assertionMethod": names, "authentication": names });
    let mut material = Material::new();
    material.add(ISSUER, document.to_string());
    material
}

fn credential(full: bool) -> Value {
    let mut credential = json!({ "@context": [BASE, EXAMPLES], "type": ["VerifiableCredential", "ExampleAlumniCredential"],
        "issuer": ISSUER, "credentialSubject": { "id": "did:example:123", "degree": { "type": "BachelorDegree", "name": "Bachelor" } } });
    if full {
        credential["id"] = json!("http://university.example/credentials/1872");
        credential["validFrom"] = json!("2010-01-01T19:23:24Z");
        credential["validUntil"] = json!("2110-01-01T19:23:24Z");
        credential["credentialSchema"] = json!({ "id": "https://example.org/degree.json", "type": "JsonSchema" });
    }
    credential
}

fn options(signer: &dyn MessageSigner) -> JwtOptions<'static> {
    JwtOptions::new(JwtProfile::JoseCose, KeyReference::Kid(signer.public_key().thumbprint()))
}

fn token(full: bool, signer: &dyn MessageSigner) -> String {
    sign_credential(credential(full).to_string().as_bytes(), signer, &options(signer)).unwrap()
}

fn verify(token: &str) -> Report {
    Verifier::new(NOW).verify(token.as_bytes(), &controller())
}

/// A token with some members of header and payload changed, and signed anew.
fn forged(token: &str, signer: &dyn MessageSigner, header: &Value, payload: &Value) -> String {
    let mut parts =
        token.split('.').map(|part| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()));
    let mut changed = |changes: &Value| {
        let mut part = parts.next().unwrap().unwrap();
        for (member, value) in changes.as_object().unwrap() {
            part[member] = value.clone();
        }
        URL_SAFE_NO_PAD.encode(part.to_string())
    };
    let signed = format!("{}.{}", changed(header), changed(payload));
    let signature = signer.sign_message(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// 1, 2 and 6: minimal and full credentials, with keys of every curve.
#[test]
fn credentials_are_issued_and_verified() {
    for (name, signer) in signers::all() {
        for full in [false, true] {
            let report = verify(&token(full, signer.as_ref()));
            assert!(report.is_valid(), "{name} {full}: {report:#?}");
        }
    }
}

/// 3, 4 and 7: presentations of one and of several credentials.
#[test]
fn presentations_are_issued_and_verified() {
    for (name, signer) in signers::all() {
        let one = json!({ "@context": BASE, "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/vc+jwt,{}", token(true, signer.as_ref())) });
        for credentials in [vec![one.clone()], vec![one.clone(), one.clone()]] {
            let document = json!({ "@context": [BASE, EXAMPLES], "type": "VerifiablePresentation", "holder": ISSUER,
                "id": "urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5", "verifiableCredential": credentials });
            let token =
                sign_presentation(document.to_string().as_bytes(), signer.as_ref(), &options(signer.as_ref())).unwrap();
            let report = Verifier::new(NOW).verify_presentation(token.as_bytes(), &Expected::default(), &controller());
            assert!(report.is_valid(), "{name}: {report:#?}");
            assert_eq!(report.credentials.len(), credentials.len());
        }
    }
}

/// 5: terms that no context defines are not issued.
#[test]
fn unknown_extensions_are_not_issued() {
    let signer = signers::all().remove(3).1;
    let mut unknown = credential(true);
    unknown["@context"] = json!([BASE]);
    unknown["type"] = json!(["VerifiableCredential"]);
    unknown["credentialSubject"] = json!({ "id": "did:example:123" });
    unknown["badExtension"] = json!({ "huh": "what?" });
    let refusal =
        sign_credential(unknown.to_string().as_bytes(), signer.as_ref(), &options(signer.as_ref())).unwrap_err();
    assert!(refusal.to_string().starts_with("at /badExtension"), "{refusal}");
}

/// 8: `iss` must be the issuer, given alone or as an object.
#[test]
fn the_claim_iss_is_the_issuer() {
    let signer = signers::all().remove(0).1;
    let good = token(true, signer.as_ref());
    assert!(verify(&forged(&good, signer.as_ref(), &json!({}), &json!({ "issuer": { "id": ISSUER } }))).is_valid());
    let other = forged(&good, signer.as_ref(), &json!({}), &json!({ "iss": "https://other.example/" }));
    assert_eq!(verify(&other).outcome(CheckId::Schema), Some(Outcome::Fail));
}

/// 9 to 12: another key's algorithm, no signature at all, one that does not fit.
#[test]
fn unsecured_and_wrongly_secured_documents_are_refused() {
    let all = signers::all();
    let ed25519 = all[0].1.as_ref();
    let wrong = forged(
        &token(true, all[3].1.as_ref()),
        all[3].1.as_ref(),
        &json!({ "kid": ed25519.public_key().thumbprint() }),
        &json!({}),
    );
    assert_eq!(verify(&wrong).outcome(CheckId::Proof), Some(Outcome::Fail));
    assert!(!verify(&credential(true).to_string()).is_valid());
    let unsecured =
        json!({ "@context": [BASE], "type": "VerifiablePresentation", "verifiableCredential": [credential(true)] });
    let report =
        Verifier::new(NOW).verify_presentation(unsecured.to_string().as_bytes(), &Expected::default(), &controller());
    assert!(!report.is_valid());
    let mut broken = token(true, ed25519);
    let last = broken.pop().unwrap();
    broken.insert(broken.len() - 5, last);
    assert!(!verify(&broken).is_valid());
}

/// 13 and 14: another type than that of credentials, or of presentations.
#[test]
fn media_types_are_those_of_the_specification() {
    let signer = signers::all().remove(0).1;
    let good = token(true, signer.as_ref());
    for header in
        [json!({ "typ": "bad+typ" }), json!({ "typ": "vp+jwt" }), json!({ "typ": "at+jwt" }), json!({ "typ": 7 })]
    {
        assert_eq!(
            verify(&forged(&good, signer.as_ref(), &header, &json!({}))).outcome(CheckId::Parse),
            Some(Outcome::Fail),
            "{header}"
        );
    }
    let presentation = json!({ "@context": [BASE], "type": "VerifiablePresentation", "holder": ISSUER });
    let good =
        sign_presentation(presentation.to_string().as_bytes(), signer.as_ref(), &options(signer.as_ref())).unwrap();
    for typ in ["bad+typ", "vc+jwt"] {
        let wrong = forged(&good, signer.as_ref(), &json!({ "typ": typ }), &json!({}));
        assert!(
            !Verifier::new(NOW).verify_presentation(wrong.as_bytes(), &Expected::default(), &controller()).is_valid(),
            "{typ}"
        );
    }
}

/// 15: the claims of the older form have no place in the newer one.
#[test]
fn claims_vc_and_vp_are_refused() {
    let signer = signers::all().remove(0).1;
    for claims in [json!({ "vc": "oops" }), json!({ "vp": "nooo" }), json!({ "vc": {}, "vp": {} })] {
        let report = verify(&forged(&token(true, signer.as_ref()), signer.as_ref(), &json!({}), &claims));
        assert_eq!(report.outcome(CheckId::Parse), Some(Outcome::Fail), "{claims}");
    }
}

/// 16: what a presentation holds must be a secured credential.
#[test]
fn a_presentation_of_no_credential_is_refused() {
    let signer = signers::all().remove(0).1;
    for id in ["not-a-credential", "data:application/vc+jwt,not-a-credential"] {
        let document = json!({ "@context": [BASE, EXAMPLES], "type": "VerifiablePresentation", "holder": ISSUER,
            "verifiableCredential": [{ "@context": BASE, "type": "EnvelopedVerifiableCredential", "id": format!("urn:{id}") }] });
        let good =
            sign_presentation(document.to_string().as_bytes(), signer.as_ref(), &options(signer.as_ref())).unwrap();
        let envelope = json!([{ "@context": BASE, "type": "EnvelopedVerifiableCredential", "id": id }]);
        let wrong = forged(&good, signer.as_ref(), &json!({}), &json!({ "verifiableCredential": envelope }));
        for token in [good, wrong] {
            let report = Verifier::new(NOW).verify_presentation(token.as_bytes(), &Expected::default(), &controller());
            assert!(!report.is_valid(), "{id}: {report:#?}");
        }
    }
}

/// What others leave out or write otherwise is read: a date as `iat`, no `jti`, claims nobody knows.
#[test]
fn other_issuers_habits_are_read() {
    let signer = signers::all().remove(1).1;
    let good = token(true, signer.as_ref());
    let habits = json!({ "iat": "2010-01-01T19:23:24Z", "unknown": { "x": 1 } });
    assert!(verify(&forged(&good, signer.as_ref(), &json!({}), &habits)).is_valid());
    let absolute = json!({ "kid": format!("{ISSUER}#{}", signer.public_key().thumbprint()) });
    assert!(verify(&forged(&good, signer.as_ref(), &absolute, &json!({}))).is_valid());
}
