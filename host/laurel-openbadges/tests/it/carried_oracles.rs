//! Other people's libraries agree about what carries credentials: presentations and baked images.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use laurel_openbadges::Timestamp;
use laurel_openbadges::baking::bake;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, sign};
use serde_json::{Value, json};

use crate::badges;
use crate::oracles::ask;

const CREATED: Timestamp = Timestamp::from_unix_seconds(1_763_000_000 - 60);
const NOW: &str = "2025-11-13T02:13:20Z";
const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>"#;
/// One red pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

/// A badge of one achievement; two of them in one presentation are where implementations of RDFC-1.0 part.
fn badge(id: &str, issuer: &str, method: &str) -> Value {
    let mut badge = badges::minimal(issuer);
    id.clone_into(&mut badge.id);
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, CREATED);
    serde_json::from_slice(&sign(&badge.to_bytes().unwrap(), &key(), &options).unwrap()).unwrap()
}

fn presentation(suite: Cryptosuite, badges: &[Value]) -> String {
    let holder = SigningKey::from_seed(&[9; 32]).did_key();
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "id": "urn:uuid:6a1b2c3d-93f8-4c43-9d0a-1a1f6f1c7ad0", "holder": holder.to_string(), "verifiableCredential": badges,
    });
    let options = ProofOptions {
        purpose: ProofPurpose::Authentication,
        challenge: Some("c-1".into()),
        domain: Some("shop.example".into()),
        ..ProofOptions::new(suite, holder.verification_method(), CREATED)
    };
    let signed = sign(unsigned.to_string().as_bytes(), &SigningKey::from_seed(&[9; 32]), &options).unwrap();
    String::from_utf8(signed).unwrap()
}

fn asked(presentations: &[(String, &str)]) -> Value {
    let all = presentations.iter().map(|(document, challenge)| {
        json!({ "name": challenge, "document": document, "challenge": challenge, "domain": "shop.example" })
    });
    json!({ "credentials": all.collect::<Vec<_>>(), "documents": {}, "now": NOW })
}

#[test]
fn presentations_are_accepted_and_changed_ones_refused() {
    let did = key().did_key();
    let two = ["urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", "urn:uuid:2c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0"];
    let badges = two.map(|id| badge(id, &did.to_string(), &did.verification_method()));
    let [rdfc, jcs] = [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022].map(|suite| presentation(suite, &badges));
    let tampered = |text: &str| text.replacen("Helped others.", "Helped itself.", 1);
    let asked = asked(&[
        (rdfc.clone(), "c-1"),
        (jcs.clone(), "c-1"),
        (tampered(&rdfc), "c-1"),
        (tampered(&jcs), "c-1"),
        (rdfc, "c-2"),
    ]);
    let Some(answers) = ask("present.mjs", &asked) else { return };
    let said: Vec<&Value> = answers.iter().map(|answer| &answer["verified"]).collect();
    assert_eq!(said, [true, true, false, false, false], "{answers:#?}");
    let answers = ask("verify.py", &asked).unwrap();
    // It knows one suite, and does not ask for the challenge.
    let said: Vec<&Value> = answers.iter().map(|answer| &answer["verified"]).collect();
    assert_eq!(said, [&json!(true), &Value::Null, &json!(false), &Value::Null, &json!(true)], "{answers:#?}");
}

#[test]
fn baked_images_are_read_and_verified() {
    let web = DidWeb::new("badges.example", ["acme"]).unwrap();
    let method = web.verification_method(&key().multikey());
    let document = badge("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", &web.to_string(), &method).to_string();
    let unsigned = badges::minimal(&web.to_string()).to_bytes().unwrap();
    let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Kid(method));
    let token = sign_credential(&unsigned, &key(), &options).unwrap();
    let changed = document.replacen("Helped others.", "Helped itself.", 1);
    let mut images = Vec::new();
    for (name, text, good) in [("document", &document, true), ("token", &token, true), ("changed", &changed, false)] {
        for image in [SVG, &BASE64_STANDARD.decode(PNG).unwrap()] {
            let baked = BASE64_STANDARD.encode(bake(image, text).unwrap());
            images.push((json!({ "name": name, "image": baked }), good));
        }
    }
    let credentials: Vec<&Value> = images.iter().map(|(image, _)| image).collect();
    let documents = json!({ web.document_url(): web.document(&[key().multikey()]) });
    let Some(answers) = ask("verify.py", &json!({ "credentials": credentials, "documents": documents })) else {
        return;
    };
    for ((_, good), answer) in images.iter().zip(answers) {
        assert_eq!(answer["verified"], *good, "{answer}");
    }
}
