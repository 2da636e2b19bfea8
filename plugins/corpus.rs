//! Tests' access to the vendors' samples and signed requests, which are other people's data and stand beside the repository.
//!
//! Where they are missing a test says so and passes; under `CI=true` it fails.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use laurel_plugin::hook::Request;
use laurel_plugin::testing::post;
use laurel_plugin::time::parse_rfc3339;
use laurel_plugin::{Identifier, IncomingEvent};
use serde_json::Value;

/// The folder of samples, or `None` if it is not there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = PathBuf::from(std::env::var("LAUREL_SHARED").unwrap_or_else(|_| beside.into())).join("corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", folder.display());
    eprintln!("not run: {} is missing", folder.display());
    None
}

pub(crate) fn read(path: &str) -> Option<String> {
    let path = corpus()?.join(path);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub(crate) fn json(path: &str) -> Option<Value> {
    read(path).map(|text| serde_json::from_str(&text).expect("JSON"))
}

/// The signed requests of a vendor.
pub(crate) fn vectors(vendor: &str) -> Vec<Value> {
    let Some(Value::Array(all)) = json("vectors.json") else { return Vec::new() };
    all.into_iter().filter(|vector| vector["vendor"] == vendor).collect()
}

/// What the samples of a vendor must become.
pub(crate) fn expected(vendor: &str) -> Vec<Value> {
    let Some(Value::Array(all)) = json("expected.json") else { return Vec::new() };
    all.into_iter().filter(|expected| expected["vendor"] == vendor).collect()
}

/// The request of a vector, received at its clock.
pub(crate) fn request(vector: &Value) -> Request {
    let headers: Vec<_> = vector["headers"].as_object().expect("headers").iter().collect();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("text"))).collect();
    let body = STANDARD.decode(vector["body_b64"].as_str().expect("a body")).expect("base64");
    let now = vector["now_unix_ms"].as_i64().unwrap_or(1_785_000_000_000);
    post(vector["url"].as_str().expect("a URL"), &headers, &body, now)
}

/// Compares an event with what is expected, where `theirs` (a home-page as the expectation names it) reads `ours`.
pub(crate) fn assert_translated(event: &IncomingEvent, expected: &Value, ours: &str) {
    let name = &expected["file"];
    let theirs = expected["actor"]["accounts"][0]["homePage"].as_str().expect("a home-page");
    let data: Value = serde_json::from_str(&event.data).expect("JSON");
    assert_eq!(event.kind, expected["type"].as_str().unwrap(), "{name}: type");
    assert_eq!(event.id, expected["dedupe_key"].as_str().unwrap(), "{name}: id");
    assert_eq!(Some(event.time), parse_rfc3339(expected["time"].as_str().unwrap()), "{name}: time");
    let account = |identifier: &Identifier| match identifier {
        Identifier::Account(account) => Some((account.home_page.clone(), account.name.clone())),
        _ => None,
    };
    let accounts: Vec<_> = event.subject.identifiers.iter().filter_map(account).collect();
    let wanted = expected["actor"]["accounts"].as_array().unwrap().iter();
    let wanted: Vec<_> =
        wanted.map(|account| (ours.to_owned(), account["name"].as_str().unwrap().to_owned())).collect();
    assert_eq!(accounts, wanted, "{name}: accounts");
    let email = event.subject.identifiers.iter().find_map(|identifier| match identifier {
        Identifier::Email(email) => Some(email.as_str()),
        _ => None,
    });
    assert_eq!(email, expected["actor"]["email"].as_str(), "{name}: e-mail");
    for (key, value) in expected["object"].as_object().unwrap() {
        let wanted = match value.as_str() {
            Some(text) if key == "id" => Value::from(text.replacen(theirs, ours, 1)),
            _ => value.clone(),
        };
        assert_eq!(data["object"][key], wanted, "{name}: object.{key}");
    }
    for key in ["raw", "max", "scaled"] {
        assert_eq!(data["score"][key].as_f64(), expected["score"][key].as_f64(), "{name}: score.{key}");
    }
    assert_eq!(data["completion"], expected["completion"], "{name}: completion");
    for key in ["sis", "login", "username"] {
        if !expected["actor"][key].is_null() {
            assert_eq!(data["attributes"][key], expected["actor"][key], "{name}: {key}");
        }
    }
}
