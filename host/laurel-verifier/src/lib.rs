//! The browser's verifier: `laurel-openbadges` as a WebAssembly module, so that a visitor's own machine checks a badge.
//!
//! The page (`laurel-http/assets/verify.js`) asks with what somebody presented and with the documents it has fetched so far; the answer
//! is a report, or the documents that are still wanted. The module itself reaches nothing: no network, no clock, no randomness.
//!
//! It is a core module whose one export follows the component model's canonical ABI (`wit/verifier.wit`), so that no code here is unsafe.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use laurel_openbadges::baking::unwrapped;
use laurel_openbadges::keys::PublicKey;
use laurel_openbadges::verify::{
    Check, Headline, Material, Need, NeedKind, Report, Tone, Verdict, Verifier, hosted_address,
};
use laurel_openbadges::{Limits, Timestamp};
use serde::{Deserialize, Serialize};

/// What the page asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Milliseconds since 1970, by the visitor's clock.
    now: i64,
    /// What was presented, base64: JSON, a token (JWT), a PNG or SVG image.
    presented: String,
    /// Whose it should be; nobody is asked about if it is empty or left out.
    #[serde(default)]
    recipient: String,
    /// Keys that the host knows to be in wrong hands, as Multikeys.
    #[serde(default)]
    distrusted: Vec<String>,
    /// What was fetched so far.
    material: Vec<Fetched>,
}

/// A document that was wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fetched {
    url: String,
    /// The document, base64.
    document: Option<String>,
    /// Or why it could not be had.
    failure: Option<String>,
    /// Or that it is gone for good.
    #[serde(default)]
    gone: bool,
}

/// What the page is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    /// Fetch these, and ask again.
    Needs(Vec<Need>),
    /// Everything that was found.
    Report(Box<Shown>),
    /// There is nothing to verify, and why.
    Unreadable(String),
}

/// A report as the page shows it.
#[derive(Debug, Serialize)]
struct Shown {
    verdict: Verdict,
    headline: Headline,
    id: Option<String>,
    issuer: Option<String>,
    revoked: bool,
    checks: Vec<Line>,
}

/// A check with its question and its outcome in words.
#[derive(Debug, Serialize)]
struct Line {
    question: &'static str,
    tone: Tone,
    word: &'static str,
    message: String,
}

impl Line {
    fn of(Check { id, outcome, message }: Check) -> Self {
        Self { question: id.question(), tone: outcome.tone(), word: outcome.word(), message }
    }
}

impl Shown {
    fn of(report: Report) -> Self {
        let headline = report.headline();
        let Report { verdict, id, issuer, revoked, checks, .. } = report;
        Self { verdict, headline, id, issuer, revoked, checks: checks.into_iter().map(Line::of).collect() }
    }
}

/// The answer to one question, both JSON.
pub fn answer(question: &str) -> String {
    let answer = serde_json::from_str(question)
        .map_err(|why| format!("the question cannot be read: {why}"))
        .and_then(|question: Question| consider(&question))
        .unwrap_or_else(Answer::Unreadable);
    serde_json::to_string(&answer).unwrap_or_else(|why| format!(r#"{{"unreadable":"{why}"}}"#))
}

fn consider(question: &Question) -> Result<Answer, String> {
    let mut document = document(&decoded(&question.presented)?)?;
    let material = material(&question.material)?;
    if let Some(url) = address(&document).map(str::to_owned) {
        document = match material.get(&url) {
            None => return Ok(Answer::Needs(vec![Need { url, kind: NeedKind::Hosted }])),
            Some(Ok(served)) => self::document(served)?,
            Some(Err(why)) => return Err(format!("{url} gave no document: {why}")),
        };
    }
    let verifier = Verifier::new(Timestamp::from_unix_millis(question.now)).with_open_badges_2();
    let distrusted = question.distrusted.iter().map(|key| key.parse()).collect::<Result<Vec<PublicKey>, _>>();
    let distrusted = distrusted.map_err(|why| format!("the question names a key that is none: {why}"))?;
    let verifier = verifier.for_recipient(&question.recipient).distrusting(distrusted);
    let needs = verifier.needs(&document, &material);
    if !needs.is_empty() {
        return Ok(Answer::Needs(needs));
    }
    Ok(Answer::Report(Box::new(Shown::of(verifier.verify(&document, &material)))))
}

fn material(all: &[Fetched]) -> Result<Material, String> {
    let mut material = Material::new();
    for fetched in all {
        match &fetched.document {
            Some(document) => material.add(fetched.url.clone(), decoded(document)?),
            None if fetched.gone => material.add_gone(fetched.url.clone()),
            None => material.add_failure(fetched.url.clone(), fetched.failure.as_deref().unwrap_or("it was not there")),
        }
    }
    Ok(material)
}

fn decoded(text: &str) -> Result<Vec<u8>, String> {
    BASE64_STANDARD.decode(text).map_err(|why| format!("the question is no base64: {why}"))
}

/// The credential itself, taken out of its image if it came in one.
fn document(presented: &[u8]) -> Result<Vec<u8>, String> {
    unwrapped(presented, &Limits::default()).map(Cow::into_owned).map_err(|why| why.to_string())
}

/// The address that the whole document is; a page asks by https alone.
fn address(document: &[u8]) -> Option<&str> {
    hosted_address(document).filter(|url| url.starts_with("https://"))
}

#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "what wit-bindgen generates for the export; nothing written here is unsafe")]
mod export {
    wit_bindgen::generate!({ path: "wit", world: "verifier" });

    struct Module;

    impl Guest for Module {
        fn answer(question: String) -> String {
            super::answer(&question)
        }
    }

    export!(Module);
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use laurel_openbadges::baking::{BakedVersion, bake_as};
    use laurel_openbadges::contexts::Contexts;
    use laurel_openbadges::keys::SigningKey;
    use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign, sign_with};
    use serde_json::{Value, json};

    const NOW: i64 = 1_795_306_200_000;

    fn ask(presented: &[u8], material: &Value) -> Value {
        let question = json!({ "now": NOW, "presented": BASE64_STANDARD.encode(presented), "material": material });
        serde_json::from_str(&answer(&question.to_string())).unwrap()
    }

    #[test]
    fn a_report_once_everything_is_there() {
        let key = SigningKey::from_seed(&[7; 32]);
        let status = "https://badges.example/status/1/revocation";
        let unsigned = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
            "issuer": key.did_key().to_string(), "credentialSubject": { "id": "urn:x:ada" },
            "credentialStatus": { "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
                "statusListIndex": "7", "statusListCredential": status },
        });
        let created = Timestamp::from_unix_millis(NOW);
        let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), created);
        let signed = sign(unsigned.to_string().as_bytes(), &key, &options).unwrap();
        assert_eq!(ask(&signed, &json!([]))["needs"][0]["url"], status);
        let failed = ask(&signed, &json!([{ "url": status, "failure": "it is down" }]));
        assert_eq!(failed["report"]["verdict"], "unknown", "{failed:#}");
        let text = String::from_utf8(signed).unwrap().replace("urn:x:ada", "urn:x:eve");
        let changed = ask(text.as_bytes(), &json!([{ "url": status, "failure": "it is down" }]));
        let report = &changed["report"];
        assert_eq!(report["verdict"], "invalid");
        let headline = json!({ "tone": "bad", "words": "This credential is not genuine, or it was changed." });
        assert_eq!(report["headline"], headline);
        let proof = report["checks"].as_array().unwrap().iter().find(|check| check["tone"] == "bad").unwrap();
        assert_eq!(
            (&proof["question"], &proof["word"]),
            (&json!("Is it unchanged since it was signed?"), &json!("Failed"))
        );
    }

    #[test]
    fn a_key_in_wrong_hands_is_not_believed() {
        let key = SigningKey::from_seed(&[7; 32]);
        let unsigned = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
            "issuer": key.did_key().to_string(), "credentialSubject": { "id": "urn:x:ada" },
        });
        let created = Timestamp::from_unix_millis(NOW);
        let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), created);
        let signed = sign(unsigned.to_string().as_bytes(), &key, &options).unwrap();
        let multikey = key.did_key().to_string().replace("did:key:", "");
        for (distrusted, verdict) in [(json!([]), "valid"), (json!([multikey]), "invalid")] {
            let presented = BASE64_STANDARD.encode(&signed);
            let question = json!({ "now": NOW, "presented": presented, "distrusted": distrusted, "material": [] });
            let answer: Value = serde_json::from_str(&answer(&question.to_string())).unwrap();
            assert_eq!(answer["report"]["verdict"], verdict, "{answer:#}");
        }
    }

    #[test]
    fn a_hosted_badge_is_what_its_issuer_serves() {
        let place = "https://badges.example/assertions/1";
        assert_eq!(ask(place.as_bytes(), &json!([]))["needs"], json!([{ "url": place, "kind": "hosted" }]));
        let assertion = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": place });
        let served = json!([{ "url": place, "document": BASE64_STANDARD.encode(assertion.to_string()) }]);
        assert_eq!(ask(place.as_bytes(), &served)["report"]["id"], place);
        let gone = json!([{ "url": place, "gone": true }]);
        assert_eq!(ask(assertion.to_string().as_bytes(), &gone)["report"]["revoked"], true);
        assert!(ask(place.as_bytes(), &gone)["unreadable"].as_str().unwrap().contains("gone"));
    }

    /// The host's operator may have added it: this machine knows only those of the standards.
    #[test]
    fn a_context_that_only_the_host_knows_is_no_forgery() {
        let key = SigningKey::from_seed(&[7; 32]);
        let place = "https://acme.example/context";
        let mut contexts = Contexts::bundled().clone();
        contexts.add(place, br#"{"@context":{"rank":"https://acme.example/rank"}}"#).unwrap();
        let unsigned = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", place], "type": ["VerifiableCredential"],
            "issuer": key.did_key().to_string(), "credentialSubject": { "id": "urn:x:ada", "rank": "first" },
        });
        let created = Timestamp::from_unix_millis(NOW);
        let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), created);
        let signed = sign_with(unsigned.to_string().as_bytes(), &key, &options, &contexts, &Limits::default()).unwrap();
        let report = &ask(&signed, &json!([]))["report"];
        assert_eq!(
            (&report["verdict"], &report["headline"]["tone"]),
            (&json!("unknown"), &json!("warn")),
            "{report:#}"
        );
        assert!(report["checks"].to_string().contains("is not known to this verifier"), "{report:#}");
    }

    /// A signed badge of Open Badges 2.0, alone and baked into a picture as that version has it.
    #[test]
    fn a_signed_badge_of_open_badges_2_in_its_picture() {
        let assertion = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:uuid:1",
            "badge": "https://badges.example/class", "verification": { "type": "SignedBadge" } });
        let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!("{}.{}.{}", encoded(&json!({ "alg": "ES256" })), encoded(&assertion), "AAAA");
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"></svg>";
        let picture = bake_as(BakedVersion::V2, svg, &token).unwrap();
        for presented in [token.as_bytes(), &picture] {
            let wanted = json!([{ "url": "https://badges.example/class", "kind": "hosted" }]);
            assert_eq!(ask(presented, &json!([]))["needs"], wanted);
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(ask(b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", &json!([]))["unreadable"].is_string());
        assert_eq!(ask(b"hello", &json!([]))["report"]["verdict"], "invalid");
        assert!(answer("{}").contains("unreadable"));
    }
}
