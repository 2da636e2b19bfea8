//! Other people's libraries agree about our tokens: `jose` (npm) and `openbadgeslib` (the Python index).

use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{DidWeb, MessageSigner};
use serde_json::{Value, json};

use crate::oracles::ask;
use crate::{badges, signers, tokens};

/// A token of every algorithm and profile: name, token, public key.
fn every_token() -> Vec<(String, String, Box<dyn MessageSigner>)> {
    let mut all = Vec::new();
    for profile in [JwtProfile::OpenBadges, JwtProfile::JoseCose, JwtProfile::DataModel1] {
        for (name, signer) in signers::all() {
            let document = badges::complete(&signer.public_key().did_key()).to_bytes().unwrap();
            let options = JwtOptions::new(profile, KeyReference::Jwk);
            let token = sign_credential(&document, signer.as_ref(), &options).unwrap();
            all.push((format!("{name} {profile:?}"), token, signer));
        }
    }
    all
}

/// The same token with another name in its payload.
fn changed(token: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let parts: Vec<&str> = token.split('.').collect();
    let (_, payload) = tokens::parts(token);
    let payload = payload.to_string().replacen("Helper", "Helpes", 1);
    [parts[0], &URL_SAFE_NO_PAD.encode(payload), parts[2]].join(".")
}

#[test]
fn our_tokens_are_accepted_and_changed_ones_refused() {
    let job = |change: fn(&str) -> String| -> Value {
        let tokens: Vec<Value> = every_token()
            .into_iter()
            .map(|(name, token, signer)| {
                let key = signer.public_key();
                json!({ "name": name, "document": change(&token), "jwk": key.to_jwk(), "alg": key.algorithm().as_str() })
            })
            .collect();
        json!({ "credentials": tokens })
    };
    let Some(answers) = ask("token.mjs", &job(str::to_owned)) else { return };
    for answer in &answers {
        assert_eq!(answer["verified"], true, "{answer}");
    }
    for answer in ask("token.mjs", &job(changed)).unwrap() {
        assert_eq!(answer["verified"], false, "{answer}");
    }
}

/// The library resolves the issuers itself, from their `did:web` documents.
#[test]
fn the_badge_library_accepts_tokens_of_open_badges() {
    let mut documents = json!({});
    let mut signed = Vec::new();
    for (name, signer) in signers::all() {
        let web = DidWeb::new("badges.example", [name]).unwrap();
        let key = signer.public_key();
        let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Kid(web.verification_method(&key)));
        let document = badges::complete(&web.to_string()).to_bytes().unwrap();
        signed.push((name, sign_credential(&document, signer.as_ref(), &options).unwrap()));
        documents[web.document_url()] = web.document(&[key]);
    }
    let job = |change: fn(&str) -> String| {
        let tokens = signed.iter().map(|(name, token)| json!({ "name": name, "document": change(token) }));
        json!({ "credentials": tokens.collect::<Vec<_>>(), "documents": documents })
    };
    let Some(answers) = ask("verify.py", &job(str::to_owned)) else { return };
    for answer in answers {
        assert_eq!(answer["verified"], true, "{answer}");
    }
    for answer in ask("verify.py", &job(changed)).unwrap() {
        assert_eq!(answer["verified"], false, "{answer}");
    }
}
