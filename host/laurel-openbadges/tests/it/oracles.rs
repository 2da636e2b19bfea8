//! Other people's verifiers agree with ours: `tests/oracles` at the root, installed under `target/oracles` or where
//! `LAUREL_ORACLES` says.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use laurel_openbadges::Timestamp;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{Material, Verifier};
use laurel_openbadges::{Limits, canonical};
use serde_json::{Value, json};

use crate::badges;

pub(crate) fn installed() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("LAUREL_ORACLES").map_or_else(|| root.join("target/oracles"), PathBuf::from);
    if folder.join("installed").is_file() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the oracles are not installed: {}", folder.display());
    println!("not run: the oracles are not installed in {}", folder.display());
    None
}

/// Runs an oracle over a job; one answer a credential.
pub(crate) fn ask(script: &str, job: &Value) -> Option<Vec<Value>> {
    let folder = installed()?;
    let python = Path::new(script).extension().is_some_and(|extension| extension == "py");
    let program = if python { folder.join("venv/bin/python") } else { PathBuf::from("node") };
    let mut child = Command::new(program)
        .arg(folder.join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle starts");
    let mut input = child.stdin.take().unwrap();
    let text = job.to_string();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert_ne!(output.status.code(), Some(2), "the job was not understood");
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), job["credentials"].as_array().unwrap().len());
    Some(answers)
}

const NOW: i64 = 1_763_000_000;
const LIST: &str = "https://badges.example/status/1";

struct Signed {
    name: String,
    text: String,
    revoked: bool,
}

/// Every kind of credential in both suites, by a `did:key` and a `did:web` issuer, and the documents a verifier needs.
fn everything() -> (Vec<Signed>, Value) {
    let key = SigningKey::from_seed(&[42; 32]);
    let web = DidWeb::new("badges.example", ["issuers", "acme"]).unwrap();
    let issuers = [
        (key.did_key().to_string(), key.did_key().verification_method()),
        (web.to_string(), web.verification_method(&key.multikey())),
    ];
    let created = Timestamp::from_unix_seconds(NOW - 60);
    let mut signed = Vec::new();
    let mut documents = learner_context().unwrap_or_else(|| json!({}));
    documents[web.document_url()] = web.document(&[key.multikey()]);
    for (issuer, method) in &issuers {
        let list_url = format!("{LIST}/{}", &issuer[4..7]);
        for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
            let options = ProofOptions::new(suite, method, created);
            for (kind, credential) in badges::all(issuer, &list_url) {
                let revoked = kind.contains("revoked");
                let text = sign(&credential, &key, &options).unwrap();
                let name = format!("{kind}, {suite}, {}", &issuer[..7]);
                signed.push(Signed { name, text: String::from_utf8(text).unwrap(), revoked });
            }
        }
        let mut bits = Bitstring::new(131_072).unwrap();
        bits.set(badges::REVOKED_INDEX, true).unwrap();
        let list = StatusListCredential {
            id: list_url.clone(),
            issuer: issuer.clone(),
            purpose: StatusPurpose::Revocation,
            valid_from: created,
            valid_until: None,
            ttl_millis: None,
        };
        let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, created);
        let list = sign(&list.to_bytes(&bits), &key, &options).unwrap();
        documents[list_url] = String::from_utf8(list).unwrap().into();
    }
    (signed, documents)
}

/// The context of learner records, which the oracles' packages do not hold.
fn learner_context() -> Option<Value> {
    let published = crate::shared::json(crate::shared::standards()?.join("contexts/clr-v2p0-2.0.1.json"));
    Some(json!({ "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": published }))
}

fn job(signed: &[(String, String)], documents: &Value) -> Value {
    let credentials: Vec<Value> = signed.iter().map(|(name, text)| json!({ "name": name, "document": text })).collect();
    json!({ "credentials": credentials, "documents": documents, "now": Timestamp::from_unix_seconds(NOW).to_string() })
}

#[test]
fn what_we_sign_is_accepted_and_its_revocation_seen() {
    let (signed, documents) = everything();
    let pairs: Vec<(String, String)> = signed.iter().map(|one| (one.name.clone(), one.text.clone())).collect();
    for script in ["verify.mjs", "verify.py"] {
        let Some(answers) = ask(script, &job(&pairs, &documents)) else { return };
        let mut decided = 0;
        for (one, answer) in signed.iter().zip(answers) {
            if answer["skipped"].is_string() {
                let lacking = ["jcs", "older", "record"].iter().any(|word| one.name.contains(word));
                assert!(script == "verify.py" && lacking, "{script}: {answer}");
                continue;
            }
            decided += 1;
            assert_eq!(answer["verified"], true, "{script}: {answer}");
            assert_eq!(answer["revoked"], one.revoked, "{script}: {answer}");
        }
        assert!(decided * 4 >= signed.len(), "{script} decided {decided}");
    }
}

/// One byte of a text, a date, a name or the signature changed: nobody accepts it.
#[test]
fn what_was_changed_is_refused_by_everyone() {
    let (signed, documents) = everything();
    let mut changed = Vec::new();
    for one in &signed {
        for (what, from, to) in [
            ("name", "\"name\":\"Helper\"", "\"name\":\"Helpes\""),
            ("date", "validFrom\":\"2025", "validFrom\":\"2024"),
            ("older date", "issuanceDate\":\"2025", "issuanceDate\":\"2024"),
            ("subject", "urn:uuid:5e", "urn:uuid:6e"),
            ("narrative", "Ten solved", "Two solved"),
        ] {
            let text = one.text.replacen(from, to, 1);
            if text == one.text {
                continue; // not every kind of document has every member
            }
            changed.push((format!("{}, {what} changed", one.name), text));
        }
        let at = one.text.find("\"proofValue\":\"z").unwrap() + 40;
        let mut text = one.text.clone().into_bytes();
        text[at] = if text[at] == b'2' { b'3' } else { b'2' };
        changed.push((format!("{}, proof changed", one.name), String::from_utf8(text).unwrap()));
    }
    let material = material(&documents);
    let verifier = Verifier::new(Timestamp::from_unix_seconds(NOW));
    for (name, text) in &changed {
        assert!(!verifier.verify(text.as_bytes(), &material).is_valid(), "we accept: {name}");
    }
    for script in ["verify.mjs", "verify.py"] {
        let Some(answers) = ask(script, &job(&changed, &documents)) else { return };
        for answer in answers.iter().filter(|answer| !answer["skipped"].is_string()) {
            assert_eq!(answer["verified"], false, "{script}: {answer}");
        }
    }
}

fn material(documents: &Value) -> Material {
    let mut material = Material::new();
    for (url, document) in documents.as_object().unwrap() {
        let text = document.as_str().map_or_else(|| document.to_string(), str::to_owned);
        material.add(url, text);
    }
    material
}

#[test]
fn we_agree_with_ourselves() {
    let (signed, documents) = everything();
    let verifier = Verifier::new(Timestamp::from_unix_seconds(NOW));
    for one in &signed {
        let report = verifier.verify(one.text.as_bytes(), &material(&documents));
        assert_eq!((report.is_valid(), report.revoked), (!one.revoked, one.revoked), "{}: {report:#?}", one.name);
    }
}

#[test]
fn canonical_forms_equal_those_of_jsonld_and_rdf_canonize() {
    let mut documents: Vec<(String, String)> = Vec::new();
    for (kind, document) in badges::all("did:example:issuer", LIST) {
        documents.push((kind.to_owned(), String::from_utf8(document).unwrap()));
    }
    documents.extend(badges::written().into_iter().map(|(name, text)| (name.to_owned(), text)));
    documents.extend(crate::random::documents(150));
    let Some(mut contexts) = learner_context() else { return };
    contexts["https://www.w3.org/ns/credentials/examples/v2"] =
        json!({ "@context": { "@vocab": "https://www.w3.org/ns/credentials/examples#" } });
    let Some(answers) = ask("canonize.mjs", &job(&documents, &contexts)) else { return };
    for ((name, text), answer) in documents.iter().zip(answers) {
        let ours = canonical::nquads(text.as_bytes(), Contexts::bundled(), &Limits::default());
        match ours {
            Ok(ours) => assert_eq!(Some(ours.as_str()), answer["nquads"].as_str(), "{name}: {}", answer["error"]),
            Err(error) => assert!(answer["error"].is_string(), "{name}: we refuse ({error}), they do not: {answer}"),
        }
    }
}

#[test]
fn what_we_build_is_valid_against_the_schema() {
    let Some(standards) = crate::shared::standards() else { return };
    let schemas = [
        ("badge", "ob_v3p0/ob_v3p0_achievementcredential_schema.json"),
        ("endorsement", "ob_v3p0/ob_v3p0_endorsementcredential_schema.json"),
        ("record", "clr_v2p0/clr_v2p0_clrcredential_schema.json"),
    ];
    let all = badges::all("did:example:issuer", LIST);
    for (class, schema) in schemas {
        // The older data model has a schema of its own, which is not published any more.
        let of_class = all.iter().filter(|(kind, _)| kind.contains(class) && !kind.contains("older"));
        let documents: Vec<(String, String)> = of_class
            .map(|(kind, document)| ((*kind).to_owned(), String::from_utf8(document.clone()).unwrap()))
            .collect();
        assert!(!documents.is_empty());
        let mut job = job(&documents, &json!({}));
        job["schema"] = standards.join("schemas").join(schema).canonicalize().unwrap().to_string_lossy().into();
        let Some(answers) = ask("validate.mjs", &job) else { return };
        for answer in answers {
            assert_eq!(answer["valid"], true, "{answer}");
        }
    }
}
