//! Credentials as signed tokens: every algorithm, every profile, and every way of going wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::Timestamp;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{DidWeb, MessageSigner, PublicKey, SigningKey};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Report, Verifier};
use serde_json::{Value, json};

use crate::{badges, shared, signers};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_763_000_000);

fn verify(token: &str, material: &Material) -> Report {
    Verifier::new(NOW).verify(token.as_bytes(), material)
}

fn options(profile: JwtProfile, key: KeyReference) -> JwtOptions<'static> {
    JwtOptions::new(profile, key)
}

/// A token of a header and a payload, signed with whatever the header says.
fn forged(header: &Value, payload: &Value, signer: &dyn MessageSigner) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", text(header), text(payload));
    let signature = signer.sign_message(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub(crate) fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}

#[test]
fn every_algorithm_and_profile_goes_there_and_back() {
    for (name, signer) in signers::all() {
        let public = signer.public_key();
        let issuer = public.did_key();
        assert_eq!(issuer["did:key:".len()..].parse::<PublicKey>().as_ref(), Ok(&public), "{name}");
        assert_eq!(PublicKey::from_jwk(&public.to_jwk()).as_ref(), Ok(&public), "{name}");
        let document = badges::complete(&issuer).to_bytes().unwrap();
        for profile in [JwtProfile::OpenBadges, JwtProfile::JoseCose, JwtProfile::DataModel1] {
            for key in [KeyReference::Jwk, KeyReference::Kid(format!("{issuer}#{public}"))] {
                let token = sign_credential(&document, signer.as_ref(), &options(profile, key)).unwrap();
                let report = verify(&token, &Material::new());
                assert!(report.is_valid(), "{name} {profile:?}: {report:#?}");
                assert_eq!(parts(&token).0["alg"], name);
                let mut changed = token.into_bytes();
                let at = changed.len() - 10;
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                let report = verify(std::str::from_utf8(&changed).unwrap(), &Material::new());
                assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail), "{name} {profile:?}");
            }
        }
    }
}

#[test]
fn the_claims_are_those_of_open_badges() {
    let key = SigningKey::from_seed(&[42; 32]);
    let badge = badges::complete(&key.did_key().to_string());
    let token =
        sign_credential(&badge.to_bytes().unwrap(), &key, &options(JwtProfile::OpenBadges, KeyReference::Jwk)).unwrap();
    let (header, payload) = parts(&token);
    assert_eq!(header["typ"], "JWT");
    assert!(header.get("kid").is_none() && header["jwk"]["crv"] == "Ed25519" && header["jwk"].get("d").is_none());
    assert_eq!(payload["iss"], payload["issuer"]["id"]);
    assert_eq!(payload["jti"], payload["id"]);
    assert_eq!(payload["sub"], payload["credentialSubject"]["id"]);
    assert_eq!((payload["nbf"].as_i64(), payload["exp"].as_i64()), (Some(1_750_000_000), Some(2_150_000_000)));
}

#[test]
fn what_open_badges_demand_is_named_when_it_is_missing() {
    let key = SigningKey::from_seed(&[42; 32]);
    let mut badge = badges::complete(&key.did_key().to_string());
    badge.subject.id = None;
    let signed = sign_credential(&badge.to_bytes().unwrap(), &key, &options(JwtProfile::OpenBadges, KeyReference::Jwk));
    assert!(
        signed.unwrap_err().to_string().contains("\"sub\" is taken from \"credentialSubject.id\", which is missing")
    );
    let undefined = String::from_utf8(badges::minimal("did:example:i").to_bytes().unwrap()).unwrap();
    let undefined = undefined.replacen("\"name\"", "\"undefinedTerm\":1,\"name\"", 1);
    let signed = sign_credential(undefined.as_bytes(), &key, &options(JwtProfile::JoseCose, KeyReference::Jwk));
    assert!(signed.unwrap_err().to_string().starts_with("at /undefinedTerm"));
}

#[test]
fn algorithms_are_the_keys_and_never_the_headers() {
    let ed25519 = SigningKey::from_seed(&[42; 32]);
    let issuer = ed25519.did_key().to_string();
    let token = sign_credential(
        &badges::minimal(&issuer).to_bytes().unwrap(),
        &ed25519,
        &options(JwtProfile::JoseCose, KeyReference::Kid(ed25519.did_key().verification_method())),
    )
    .unwrap();
    let (header, payload) = parts(&token);
    for (algorithm, expected) in [
        ("none", "names no acceptable algorithm"),
        ("None", "names no acceptable algorithm"),
        ("HS256", "names no acceptable algorithm"),
        ("PS256", "names no acceptable algorithm"),
        ("", "must be a string that is not empty"),
        ("RS256", "says RS256, and the key is one for EdDSA"),
        ("ES256", "says ES256, and the key is one for EdDSA"),
    ] {
        let mut header = header.clone();
        header["alg"] = algorithm.into();
        let report = verify(&forged(&header, &payload, &ed25519), &Material::new());
        let failed = report.checks.iter().find(|check| check.outcome == Outcome::Fail).unwrap();
        assert!(failed.message.contains(expected), "{algorithm}: {}", failed.message);
    }
    let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
    assert!(!verify(&unsigned, &Material::new()).is_valid());
}

#[test]
fn headers_that_demand_or_hide_something_are_refused() {
    let key = SigningKey::from_seed(&[42; 32]);
    let issuer = key.did_key().to_string();
    let token = sign_credential(
        &badges::minimal(&issuer).to_bytes().unwrap(),
        &key,
        &options(JwtProfile::JoseCose, KeyReference::Jwk),
    )
    .unwrap();
    let (good, payload) = parts(&token);
    let cases = [
        (json!({ "crit": ["exp"] }), "demands an extension"),
        (json!({ "b64": false }), "demands an extension"),
        (json!({ "typ": "bad+typ" }), "is not one of credentials"),
        (json!({ "typ": "vp+jwt" }), "not that of what is expected here"),
        (json!({ "kid": "did:example:1#a" }), "one key, named once"),
        (json!({ "jwk": { "kty": "oct", "k": "AAAA" } }), "holds a secret"),
        (json!({ "jwk": { "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" } }), "is not an Ed25519, P-256"),
        (json!({ "jwk": "z6Mk" }), "must be an object"),
    ];
    for (change, expected) in cases {
        let mut header = good.clone();
        for (member, value) in change.as_object().unwrap() {
            header[member] = value.clone();
        }
        let report = verify(&forged(&header, &payload, &key), &Material::new());
        assert_eq!(report.outcome(CheckId::Parse), Some(Outcome::Fail), "{change}");
        assert!(report.checks[0].message.contains(expected), "{change}: {}", report.checks[0].message);
    }
    // Read by others as its last, by some as its first: by us not at all.
    let twice = good.to_string().replacen('{', "{\"alg\":\"none\",", 1);
    let twice = format!("{}.{}", URL_SAFE_NO_PAD.encode(twice), token.split_once('.').unwrap().1);
    assert!(verify(&twice, &Material::new()).checks[0].message.contains("\"alg\" occurs twice"));
}

#[test]
fn claims_must_not_say_otherwise_than_the_credential() {
    let key = SigningKey::from_seed(&[42; 32]);
    let issuer = key.did_key().to_string();
    let token = sign_credential(
        &badges::minimal(&issuer).to_bytes().unwrap(),
        &key,
        &options(JwtProfile::OpenBadges, KeyReference::Jwk),
    )
    .unwrap();
    let (header, good) = parts(&token);
    let cases = [
        ("iss", json!("did:example:other"), CheckId::Schema, "another issuer"),
        ("jti", json!("urn:other"), CheckId::Schema, "another identifier"),
        ("sub", json!("did:example:other"), CheckId::Schema, "another subject"),
        ("exp", json!(1_600_000_000), CheckId::Dates, "The token expired at 2020-09-13T12:26:40Z"),
        ("nbf", json!(1_900_000_000), CheckId::Dates, "The token is not valid before"),
        ("exp", json!("soon"), CheckId::Parse, "must be a number of seconds"),
        ("iss", json!(["did:example:i"]), CheckId::Parse, "must be a string"),
        ("vc", json!({}), CheckId::Parse, "stands beside another credential"),
    ];
    for (claim, value, check, expected) in cases {
        let mut payload = good.clone();
        payload[claim] = value;
        let report = verify(&forged(&header, &payload, &key), &Material::new());
        let failed = report.checks.iter().find(|check| check.outcome == Outcome::Fail).unwrap();
        assert_eq!(failed.id, check, "{claim}: {report:#?}");
        assert!(failed.message.contains(expected), "{claim}: {}", failed.message);
    }
    let (header, mut payload) = parts(
        &sign_credential(
            &badges::minimal(&issuer).to_bytes().unwrap(),
            &key,
            &options(JwtProfile::JoseCose, KeyReference::Jwk),
        )
        .unwrap(),
    );
    payload["vp"] = json!("no");
    let report = verify(&forged(&header, &payload, &key), &Material::new());
    assert!(report.checks[0].message.contains("must not be in a token of type vc+jwt"), "{report:#?}");
}

/// A key in the token stands for itself alone, until the issuer lists it.
#[test]
fn an_embedded_key_is_nobodys_until_its_issuer_lists_it() {
    let (own, other) = (SigningKey::from_seed(&[42; 32]), SigningKey::from_seed(&[43; 32]));
    let web = DidWeb::new("badges.example", ["a"]).unwrap();
    let document = badges::minimal(&web.to_string()).to_bytes().unwrap();
    let token = sign_credential(&document, &own, &options(JwtProfile::OpenBadges, KeyReference::Jwk)).unwrap();
    let needs = Verifier::new(NOW).needs(token.as_bytes(), &Material::new());
    assert_eq!(needs[0].url, "https://badges.example/a/did.json");
    for (listed, expected) in [(None, Outcome::NotChecked), (Some(&own), Outcome::Pass), (Some(&other), Outcome::Fail)]
    {
        let mut material = Material::new();
        if let Some(key) = listed {
            material.add(web.document_url(), web.document(&[key.multikey()]).to_string());
        }
        let report = verify(&token, &material);
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass));
        assert_eq!(report.outcome(CheckId::Issuer), Some(expected), "{report:#?}");
    }
    // Another issuer's key under one's own name.
    let kid = KeyReference::Kid(other.did_key().verification_method());
    let token = sign_credential(&document, &other, &options(JwtProfile::OpenBadges, kid)).unwrap();
    assert_eq!(verify(&token, &Material::new()).outcome(CheckId::Issuer), Some(Outcome::Fail));
}

#[test]
fn keys_are_found_by_every_name_issuers_give_them() {
    let signer = signers::RsaSigner::new();
    let public = signer.public_key();
    let issuer = "https://badges.example/issuers/1";
    let mut jwk = public.to_jwk();
    jwk["kid"] = "key-7".into();
    let document = json!({ "id": issuer, "verificationMethod": [{ "id": format!("{issuer}#one"), "type": "JsonWebKey",
        "controller": issuer, "publicKeyJwk": jwk }], "assertionMethod": [format!("{issuer}#one")] });
    let set = json!({ "keys": [{ "kty": "oct", "kid": "x" }, jwk] });
    let badge = badges::minimal(issuer).to_bytes().unwrap();
    for (kid, expected) in [
        ("https://badges.example/issuers/1#one", Outcome::Pass),
        ("one", Outcome::Pass),
        ("#one", Outcome::Pass),
        ("key-7", Outcome::Pass),
        ("https://badges.example/issuers/1/keys.json#key-7", Outcome::Pass),
        ("https://badges.example/keys.json#key-7", Outcome::NotChecked),
        ("https://other.example/keys.json#key-7", Outcome::Fail),
    ] {
        let key = KeyReference::Kid(kid.to_owned());
        let token = sign_credential(&badge, &signer, &options(JwtProfile::OpenBadges, key)).unwrap();
        let mut material = Material::new();
        material.add(issuer, document.to_string());
        for place in [
            format!("{issuer}/keys.json"),
            "https://badges.example/keys.json".into(),
            "https://other.example/keys.json".into(),
        ] {
            material.add(place, set.to_string());
        }
        let report = verify(&token, &material);
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass), "{kid}: {report:#?}");
        assert_eq!(report.outcome(CheckId::Issuer), Some(expected), "{kid}: {report:#?}");
    }
}

/// Members of the older form that stand only as claims are put back into the credential.
#[test]
fn the_older_form_may_leave_members_to_the_claims() {
    let key = SigningKey::from_seed(&[42; 32]);
    let did = key.did_key();
    let payload = json!({ "iss": did.to_string(), "sub": "did:example:s", "jti": "urn:c:1", "nbf": 1_700_000_000, "exp": 1_800_000_000,
        "vc": { "@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"],
                "credentialSubject": { "name": "x" } } });
    let header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": did.verification_method() });
    let report = verify(&forged(&header, &payload, &key), &Material::new());
    assert!(report.is_valid(), "{report:#?}");
    assert_eq!((report.id.as_deref(), report.issuer.clone()), (Some("urn:c:1"), Some(did.to_string())));
    let dates = &report.check(CheckId::Dates).unwrap().message;
    assert_eq!(dates, "It is valid from 2023-11-14T22:13:20Z until 2027-01-15T08:00:00Z.");
}

/// 1EdTech's sample names no key: its issuer's document decides.
#[test]
fn the_samples_of_1edtech_are_read() {
    let Some(standards) = shared::standards() else { return };
    let samples = standards.join("ob30-samples");
    let token = shared::text(samples.join("simple.jwt"));
    let verifier = Verifier::new(NOW);
    let needs = verifier.needs(token.as_bytes(), &Material::new());
    assert_eq!(needs.iter().map(|need| need.url.as_str()).collect::<Vec<_>>(), ["https://example.edu/issuers/565049"]);
    let report = verifier.verify(token.as_bytes(), &Material::new());
    assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::NotChecked), "{report:#?}");
    assert_eq!(report.issuer.as_deref(), Some("https://example.edu/issuers/565049"));
    let report = verifier.verify(shared::text(samples.join("velocity.jwt")).as_bytes(), &Material::new());
    assert!(report.check(CheckId::Proof).unwrap().message.contains("did:velocity"), "{report:#?}");
    for image in ["simple-jwt.png", "simple-jwt_v1.png", "simple-jwt_v1.svg"] {
        let baked = laurel_openbadges::baking::unbake(
            &shared::read(samples.join(image)),
            &laurel_openbadges::Limits::default(),
        );
        let report = verifier.verify(baked.unwrap().unwrap().text.as_bytes(), &Material::new());
        assert_eq!(report.outcome(CheckId::Parse), Some(Outcome::Pass), "{image}: {report:#?}");
    }
}
