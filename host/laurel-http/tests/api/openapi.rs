//! The description of the API is locked: a change of the API changes a committed file.

use std::path::Path;

use serde_json::Value;

use crate::app::App;

#[tokio::test]
async fn the_description_is_the_committed_one() {
    let app = App::start().await;
    let described: Value = app.get("/openapi.json").await.expect(200);
    let text = serde_json::to_string_pretty(&described).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "the API has changed: look at it, then run this test with UPDATE=1");
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let app = App::start().await;
    let described = app.get("/openapi.json").await.expect(200);
    let mut references = Vec::new();
    collect(&described, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(described.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
