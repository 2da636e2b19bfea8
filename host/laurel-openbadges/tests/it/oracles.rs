//! Other people's verifiers agree with ours: `tests/oracles` at the root, installed under `target/oracles` or where
//! `LAUREL_ORACLES` says.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use laurel_openbadges::Timestamp;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, add_proof, sign};
use laurel_openbadges::verify::{Material, Verifier};
use laurel_openbadges::{Limits, canonical};
use serde_json::{Value, json};

use crate::badges;
use crate::kinds::{self, Kind};

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
    suspended: bool,
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
    let mut documents = contexts().unwrap_or_else(|| json!({}));
    documents[web.document_url()] = web.document(&[key.multikey()]);
    for (issuer, method) in &issuers {
        let lists = format!("{LIST}/{}", &issuer[4..7]);
        for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
            let options = ProofOptions::new(suite, method, created);
            for Kind { name, document, revoked, suspended } in kinds::all(issuer, &lists) {
                let text = String::from_utf8(sign(&document, &key, &options).unwrap()).unwrap();
                signed.push(Signed { name: format!("{name}, {suite}, {}", &issuer[..7]), text, revoked, suspended });
            }
        }
        for (name, text) in several_proofs(issuer, method, &key, created) {
            signed.push(Signed { name: format!("{name}, {}", &issuer[..7]), text, revoked: false, suspended: false });
        }
        for (url, list) in kinds::lists(issuer, &lists, &key, method, created) {
            documents[url] = list.into();
        }
    }
    (signed, documents)
}

/// A badge with two proofs beside each other, and one with the second proof made over the first.
fn several_proofs(issuer: &str, method: &str, key: &SigningKey, created: Timestamp) -> [(&'static str, String); 2] {
    let unsigned = badges::minimal(issuer).to_bytes().unwrap();
    let (contexts, limits) = (Contexts::bundled(), Limits::default());
    let first = ProofOptions {
        id: Some("urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad1".into()),
        ..ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, created)
    };
    let beside = ProofOptions::new(Cryptosuite::EddsaJcs2022, method, created);
    let over = ProofOptions { previous_proof: first.id.iter().cloned().collect(), ..beside.clone() };
    let once = sign(&unsigned, key, &first).unwrap();
    let twice = |options| String::from_utf8(add_proof(&once, key, options, contexts, &limits).unwrap()).unwrap();
    [("badge with a set of proofs", twice(&beside)), ("badge with a chain of proofs", twice(&over))]
}

/// Whether an oracle's library cannot decide about a credential, by its name: npm's knows no status lists signed as tokens and no chains
/// of proofs (which the W3C's vectors decide, in `vectors.rs`), `PyPI`'s no `eddsa-jcs-2022`, no second proof, no status of several bits and
/// none in the older data model. `tests/oracles` says the same to each.
fn cannot_decide(script: &str, name: &str) -> bool {
    match script {
        "verify.mjs" => ["token", "chain of proofs"].iter().any(|word| name.contains(word)),
        _ => ["eddsa-jcs-2022", "of proofs", "with messages", "older badge with status", "revoked older badge"]
            .iter()
            .any(|word| name.contains(word)),
    }
}

/// The contexts that not every oracle's package holds.
fn contexts() -> Option<Value> {
    let folder = crate::shared::standards()?.join("contexts");
    let published = |file: &str| crate::shared::json(folder.join(file));
    Some(json!({
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": published("clr-v2p0-2.0.1.json"),
        "https://www.w3.org/2018/credentials/v1": published("2018-credentials-v1.jsonld"),
    }))
}

fn job(signed: &[(String, String)], documents: &Value) -> Value {
    let credentials: Vec<Value> = signed.iter().map(|(name, text)| json!({ "name": name, "document": text })).collect();
    json!({ "credentials": credentials, "documents": documents, "now": Timestamp::from_unix_seconds(NOW).to_string() })
}

#[test]
fn what_we_sign_is_accepted_and_its_standing_seen() {
    let (signed, documents) = everything();
    let pairs: Vec<(String, String)> = signed.iter().map(|one| (one.name.clone(), one.text.clone())).collect();
    for script in ["verify.mjs", "verify.py"] {
        let Some(answers) = ask(script, &job(&pairs, &documents)) else { return };
        for (one, answer) in signed.iter().zip(answers) {
            let skipped = answer["skipped"].is_string();
            assert_eq!(skipped, cannot_decide(script, &one.name), "{script}: {answer}");
            if skipped {
                continue;
            }
            assert_eq!(answer["verified"], true, "{script}: {answer}");
            let standing = (&answer["revoked"], &answer["suspended"]);
            assert_eq!(standing, (&one.revoked.into(), &one.suspended.into()), "{script}: {answer}");
        }
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
        for ((name, _), answer) in changed.iter().zip(answers) {
            let expected = if cannot_decide(script, name) { Value::Null } else { json!(false) };
            assert_eq!(answer["verified"], expected, "{script}: {answer}");
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
        let standing = (report.is_valid(), report.revoked, report.suspended);
        let expected = (!one.revoked && !one.suspended, one.revoked, one.suspended);
        assert_eq!(standing, expected, "{}: {report:#?}", one.name);
    }
}

#[test]
fn canonical_forms_equal_those_of_jsonld_and_rdf_canonize() {
    let mut documents: Vec<(String, String)> = Vec::new();
    for Kind { name, document, .. } in kinds::all("did:example:issuer", LIST) {
        documents.push((name.to_owned(), String::from_utf8(document).unwrap()));
    }
    documents.extend(badges::written().into_iter().map(|(name, text)| (name.to_owned(), text)));
    documents.extend(crate::random::documents());
    let Some(mut contexts) = contexts() else { return };
    // npm's copy is older than what 1EdTech publishes, and lacks `endorsementJwt`.
    let published = crate::shared::standards().map(|folder| folder.join("contexts/ob-v3p0-3.0.3.json"));
    contexts["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"] = published.map(crate::shared::json).into();
    contexts["https://www.w3.org/ns/credentials/examples/v2"] =
        json!({ "@context": { "@vocab": "https://www.w3.org/ns/credentials/examples#" } });
    let Some(answers) = ask("canonize.mjs", &job(&documents, &contexts)) else { return };
    let compared = documents.iter().zip(&answers);
    let faults: Vec<String> =
        compared.filter_map(|((name, text), answer)| Some(format!("{name}: {}", difference(text, answer)?))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// In what our canonical form, or our refusal, differs from theirs.
fn difference(text: &str, answer: &Value) -> Option<String> {
    let ours = canonical::nquads(text.as_bytes(), Contexts::bundled(), &Limits::default());
    match (ours, answer["nquads"].as_str()) {
        (Ok(ours), Some(theirs)) => (ours != theirs).then(|| first_difference(&ours, theirs)),
        (Ok(_), None) => Some(format!("they refuse, we do not: {}", answer["error"])),
        (Err(error), Some(_)) => Some(format!("we refuse, they do not: {error}")),
        (Err(_), None) => None,
    }
}

/// A number with a fraction is a double (JSON-LD 1.1 API, section 8.6), however it is written. jsonld.js looks for a point in it and
/// makes `1e-7` the integer zero, so that there is nothing to compare with.
#[test]
fn small_numbers_are_doubles() {
    let document = r#"{"@context":"https://www.w3.org/ns/credentials/v2","type":"VerifiableCredential","description":[1e-7,5e-324]}"#;
    let quads = canonical::nquads(document.as_bytes(), Contexts::bundled(), &Limits::default()).unwrap();
    for number in ["1.0E-7", "4.940656458412465E-324"] {
        assert!(quads.contains(&format!("\"{number}\"^^<http://www.w3.org/2001/XMLSchema#double>")), "{quads}");
    }
}

/// RDFC-1.0 sorts by code points (section 4.4.3), where U+FB01 comes before U+1F600. JavaScript sorts by halves of UTF-16, and with it
/// rdf-canonize.
#[test]
fn statements_are_in_order_of_code_points() {
    let document = "{\"@context\":\"https://www.w3.org/ns/credentials/v2\",\"type\":\"VerifiableCredential\",\"description\":[\"\u{1f600}\",\"\u{fb01}\"]}";
    let quads = canonical::nquads(document.as_bytes(), Contexts::bundled(), &Limits::default()).unwrap();
    assert!(quads.find('\u{fb01}') < quads.find('\u{1f600}'), "{quads}");
}

/// An integer has all digits of its double (JSON-LD 1.1 API, section 8.6), as jsonld.js and `PyLD` write it; found by a random document.
#[test]
fn large_integers_keep_their_digits() {
    let document = r#"{"@context":"https://www.w3.org/ns/credentials/v2","type":"VerifiableCredential","description":1.758795578439609e18}"#;
    let quads = canonical::nquads(document.as_bytes(), Contexts::bundled(), &Limits::default()).unwrap();
    assert!(quads.contains("\"1758795578439609088\"^^<http://www.w3.org/2001/XMLSchema#integer>"), "{quads}");
}

/// The first statement that is not the same, cut short: some texts are long.
fn first_difference(ours: &str, theirs: &str) -> String {
    let mut pairs = ours.lines().zip(theirs.lines());
    let (our, their) = pairs.find(|(our, their)| our != their).unwrap_or((ours, theirs));
    let same = our.chars().zip(their.chars()).take_while(|(our, their)| our == their).count();
    let shown = |line: &str| line.chars().skip(same.saturating_sub(100)).take(200).collect::<String>();
    format!("{:?} instead of {:?}", shown(our), shown(their))
}

#[test]
fn what_we_build_is_valid_against_the_schema() {
    let Some(standards) = crate::shared::standards() else { return };
    let schemas = [
        ("badge", "ob_v3p0/ob_v3p0_achievementcredential_schema.json"),
        ("endorsement", "ob_v3p0/ob_v3p0_endorsementcredential_schema.json"),
        ("record", "clr_v2p0/clr_v2p0_clrcredential_schema.json"),
    ];
    let all = kinds::all("did:example:issuer", LIST);
    for (class, schema) in schemas {
        // The older data model has a schema of its own, which is not published any more.
        let of_class = all.iter().filter(|kind| kind.name.contains(class) && !kind.name.contains("older"));
        let documents: Vec<(String, String)> =
            of_class.map(|kind| (kind.name.to_owned(), String::from_utf8(kind.document.clone()).unwrap())).collect();
        assert!(!documents.is_empty());
        let mut job = job(&documents, &json!({}));
        job["schema"] = standards.join("schemas").join(schema).canonicalize().unwrap().to_string_lossy().into();
        let Some(answers) = ask("validate.mjs", &job) else { return };
        for answer in answers {
            assert_eq!(answer["valid"], true, "{answer}");
        }
    }
}
