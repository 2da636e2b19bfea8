//! The command that the suite `w3c/vc-jose-cose-test-suite` asks of an implementation, over this crate:
//! `issue|verify --input FILE --key FILE --feature credential_jose|presentation_jose --output FILE`. See `tests/conformance/README.md`.
#![allow(clippy::print_stderr, reason = "a command line")]

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::Timestamp;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::jwt::{self, JwtOptions, JwtProfile, KeyReference};
use laurel_openbadges::keys::{Curve, EcSigningKey, MessageSigner, SigningKey};
use laurel_openbadges::verify::{CheckId, Expected, Material, Outcome, Report, Verifier};
use serde_json::{Map, Value, json};

type Failure = Box<dyn Error>;

/// What the suite asks.
struct Asked {
    command: String,
    input: Vec<u8>,
    key: Value,
    /// All keys of the suite: they belong to one controller.
    keys: Vec<Value>,
    presentation: bool,
    output: String,
}

impl Asked {
    fn read() -> Result<Self, Failure> {
        let mut words = std::env::args().skip(1);
        let command = words.next().ok_or("issue or verify?")?;
        let words: Vec<String> = words.collect();
        let named: HashMap<&str, &str> =
            words.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        let option = |name: &str| named.get(name).copied().ok_or_else(|| format!("{name} is missing"));
        let key = Path::new(option("--key")?);
        Ok(Self {
            command,
            input: std::fs::read(option("--input")?)?,
            key: serde_json::from_slice(&std::fs::read(key)?)?,
            keys: beside(key)?,
            presentation: option("--feature")? == "presentation_jose",
            output: option("--output")?.to_owned(),
        })
    }

    fn answer(&self) -> Result<(&'static str, String), Failure> {
        match self.command.as_str() {
            "issue" => Ok(("success", self.issue()?)),
            "verify" => Ok(self.verify()),
            other => Err(format!("unknown command {other}").into()),
        }
    }

    fn issue(&self) -> Result<String, Failure> {
        let method = self.key["id"].as_str().ok_or("the key has no id")?;
        let contexts = contexts()?;
        let options = JwtOptions {
            contexts: &contexts,
            ..JwtOptions::new(JwtProfile::JoseCose, KeyReference::Kid(method.into()))
        };
        let signer = signer(&self.key["secretKeyJwk"])?;
        let sign = if self.presentation { jwt::sign_presentation } else { jwt::sign_credential };
        Ok(sign(&trimmed(&self.input)?, &*signer, &options)?)
    }

    fn verify(&self) -> (&'static str, String) {
        let token = self.input.trim_ascii();
        if !jwt::is_token(token) {
            return ("failure", "it is no token, so nothing secures it".to_owned());
        }
        let verifier = Verifier::new(signed_at(token).unwrap_or(Timestamp::from_unix_seconds(1_767_225_600)));
        let material = self.controller_document();
        let mut checks = Vec::new();
        if self.presentation {
            let report = verifier.verify_presentation(token, &Expected::default(), &material);
            checks.extend(report.checks);
            // Credentials in ways of other features (SD-JWT, COSE) are not opened, and say nothing for or against.
            let opened = |report: &Report| report.outcome(CheckId::Parse) != Some(Outcome::NotChecked);
            checks.extend(report.credentials.into_iter().filter(opened).flat_map(|report| report.checks));
        } else {
            checks = verifier.verify(token, &material).checks;
        }
        let words: Vec<&str> = checks.iter().map(|check| check.message.as_str()).collect();
        let any = |outcome| checks.iter().any(|check| check.outcome == outcome);
        let result = match (any(Outcome::Fail), any(Outcome::NotChecked)) {
            (true, _) => "failure",
            (false, true) => "indeterminate",
            (false, false) => "success",
        };
        (result, words.join(" "))
    }

    /// The suite's controller exists nowhere: its document, as it would be there.
    fn controller_document(&self) -> Material {
        let controller = self.key["controller"].as_str().unwrap_or_default();
        // A credential must be signed with the given key; those in a presentation with any.
        let keys = if self.presentation { self.keys.as_slice() } else { std::slice::from_ref(&self.key) };
        let own = keys.iter().filter(|key| key["controller"] == controller);
        // Its tokens name keys by their thumbprint.
        let methods: Vec<Value> = own
            .map(|key| {
                let id = format!("{controller}#{}", key["publicKeyJwk"]["kid"].as_str().unwrap_or_default());
                json!({ "id": id, "type": "JsonWebKey", "controller": controller, "publicKeyJwk": key["publicKeyJwk"] })
            })
            .collect();
        let ids: Vec<&Value> = methods.iter().map(|method| &method["id"]).collect();
        let document = json!({
            "@context": ["https://www.w3.org/ns/cid/v1"],
            "id": controller,
            "verificationMethod": methods,
            "assertionMethod": ids,
            "authentication": ids,
        });
        let mut material = Material::new();
        material.add(controller, document.to_string());
        material
    }
}

/// The keys in the folder of one of them.
fn beside(key: &Path) -> Result<Vec<Value>, Failure> {
    let mut keys = Vec::new();
    for file in std::fs::read_dir(key.parent().ok_or("the key is in no folder")?)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with("vm-") {
            keys.push(serde_json::from_slice(&std::fs::read(file.path())?)?);
        }
    }
    Ok(keys)
}

/// The moment a token was made: the suite's samples have expired since.
fn signed_at(token: &[u8]) -> Option<Timestamp> {
    let payload = URL_SAFE_NO_PAD.decode(token.split(|byte| *byte == b'.').nth(1)?).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    payload["iat"].as_i64().map(Timestamp::from_unix_seconds)
}

/// Terms and types of the suite's samples that no specification defines.
const EXAMPLES: [&str; 14] = [
    "ExampleAlumniCredential",
    "UniversityDegreeCredential",
    "BachelorDegree",
    "DocumentVerification",
    "ManualRefreshService2018",
    "StatusList2021Entry",
    "statusListIndex",
    "statusPurpose",
    "degree",
    "degreeType",
    "graduationDate",
    "evidenceDocument",
    "subjectPresence",
    "documentPresence",
];

/// The bundled contexts, and of that of the specifications' examples what the samples use. The real one takes every term (`@vocab`), and
/// with it no issuer could refuse the extensions that the suite asks to refuse.
fn contexts() -> Result<Contexts, Failure> {
    let vocabulary = "https://www.w3.org/ns/credentials/examples#";
    let mut terms: Map<String, Value> =
        EXAMPLES.iter().map(|term| ((*term).to_owned(), format!("{vocabulary}{term}").into())).collect();
    terms.insert("verifier".into(), json!({ "@id": format!("{vocabulary}verifier"), "@type": "@id" }));
    let mut contexts = Contexts::bundled().clone();
    contexts
        .add("https://www.w3.org/ns/credentials/examples/v2", json!({ "@context": terms }).to_string().as_bytes())?;
    Ok(contexts)
}

/// A document whose `data:` URLs end where they end: one of the samples has a line feed behind one, which readers of URLs take away
/// (WHATWG URL, section 4.4) and JSON-LD does not.
fn trimmed(document: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut document: Value = serde_json::from_slice(document)?;
    let credentials = document.get_mut("verifiableCredential").and_then(Value::as_array_mut);
    for credential in credentials.into_iter().flatten() {
        if let Some(id) = credential["id"].as_str().map(|id| id.trim_ascii().to_owned()) {
            credential["id"] = id.into();
        }
    }
    Ok(serde_json::to_vec(&document)?)
}

fn signer(jwk: &Value) -> Result<Box<dyn MessageSigner>, Failure> {
    let scalar = URL_SAFE_NO_PAD.decode(jwk["d"].as_str().ok_or("the key has no private part")?)?;
    let name = jwk["crv"].as_str().unwrap_or_default();
    if name == "Ed25519" {
        return Ok(Box::new(SigningKey::from_seed(scalar.as_slice().try_into()?)));
    }
    let curve = Curve::named(name).ok_or("the key's curve is unknown")?;
    Ok(Box::new(EcSigningKey::from_scalar(curve, &scalar).ok_or("the key's private part is no number of its curve")?))
}

fn main() -> ExitCode {
    let done = Asked::read().and_then(|asked| {
        let (result, data) = asked.answer().unwrap_or_else(|why| ("failure", why.to_string()));
        std::fs::write(&asked.output, json!({ "result": result, "data": data }).to_string())?;
        Ok(())
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}
