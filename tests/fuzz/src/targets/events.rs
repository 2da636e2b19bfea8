//! `CloudEvents` as they arrive: structured, binary and batched.

use laurel_core::subjects::Identifier;
use laurel_http::untrusted;

use super::parts;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "events",
    reads: "headers, a line each, and after a line of three hyphens the body of a request to /v1/events",
    run,
    seeds,
    words: &[
        "\n---\n",
        "content-type: ",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "application/json",
        "ce-specversion: 1.0",
        "ce-id: ",
        "ce-type: ",
        "ce-source: ",
        "ce-time: ",
        "ce-subject: ",
        "%E2%82%AC",
        "%2525",
        "\\\"",
        "\"specversion\":\"1.0\"",
        "\"id\":",
        "\"source\":",
        "\"type\":",
        "\"time\":",
        "\"data\":",
        "\"data_base64\":",
        "\"subject\":",
        "\"datacontenttype\":",
        "$serde_json::private::Number",
        "null",
        "1e400",
        "[]",
        "{}",
    ],
    tries: 4000,
};

fn run(bytes: &[u8]) {
    let mut parts = parts(bytes);
    let (head, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let lines = head.split(|byte| *byte == b'\n').take(40);
    let headers = lines.filter_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        Some((std::str::from_utf8(&line[..at]).ok()?, line[at + 1..].trim_ascii()))
    });
    for event in untrusted::events(headers, body).unwrap_or_default() {
        assert!(!event.id.is_empty() && !event.source.is_empty() && !event.kind.is_empty());
        // What was read once, every other reader must read alike.
        let data = serde_json::Value::Object(event.data).to_string();
        let again: serde_json::Value = serde_json::from_str(&data).unwrap_or_else(|why| panic!("{data}: {why}"));
        assert_eq!(again.to_string(), data);
        let _ = event.subject.as_deref().and_then(Identifier::from_uri).map(Identifier::normalised);
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let event = r#"{"specversion":"1.0","id":"1","source":"urn:lms","type":"course.completed","time":"2026-03-01T09:30:00Z","subject":"mailto:ada@example.org","data":{"score":1.50,"subject":{"kind":"person","identifiers":[{"type":"did","did":"did:web:a.example"}]}}}"#;
    let with = |media: &str, body: &str| format!("content-type: {media}\n---\n{body}").into_bytes();
    vec![
        with("application/cloudevents+json; charset=utf-8", event),
        with("application/cloudevents-batch+json", &format!("[{event},{event}]")),
        with(
            "application/json\nce-specversion: 1.0\nce-id: \"1\"\nce-source: urn:lms\nce-type: course.completed\nce-time: 2026-03-01T09:30:00Z\nce-subject: did:web:a%20b",
            r#"{"score":1e2,"deep":[[{}]]}"#,
        ),
    ]
}
