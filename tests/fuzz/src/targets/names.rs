//! The small parsers: identifiers, dates, contexts. What is read is written again as it was.

use laurel_core::plugins::PluginDigest;
use laurel_core::subjects::Identifier;
use laurel_openbadges::Timestamp;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::{DidKey, DidWeb, Multikey};
use laurel_openbadges::verify::hosted_address;

use crate::Target;
use crate::seeds;

pub(super) const TARGET: Target = Target {
    name: "names",
    reads: "an identifier, a date, or a JSON-LD context",
    run,
    seeds,
    words: &[
        "did:web:",
        "did:key:",
        "%3A",
        "%",
        ":",
        "#",
        "mailto:",
        "https://",
        "xn--",
        "[::1]",
        "127.0.0.1",
        "T24:00:00Z",
        "+14:00",
        ".999999999",
        "-0000",
        "\"@context\":",
        "\"@id\":",
        "\"@type\":\"@id\"",
        "\"@protected\":true",
        "\"@container\":\"@list\"",
        "\"@vocab\":",
        "\"@propagate\":false",
        "\"@import\":",
        "null",
    ],
    tries: 4000,
};

fn run(bytes: &[u8]) {
    let _ = Contexts::bundled().clone().add("https://a.example/", bytes);
    let _ = hosted_address(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = text.parse::<Multikey>() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    if let Ok(did) = text.parse::<DidKey>() {
        assert_eq!(did.to_string().parse(), Ok(did));
    }
    if let Ok(did) = text.parse::<DidWeb>() {
        assert!(did.document_url().starts_with("https://"));
        assert_eq!(did.to_string().parse(), Ok(did));
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        // It is written in whole seconds.
        let written = time.to_string();
        assert_eq!(written.parse::<Timestamp>().map(|again| again.to_string()), Ok(written), "{text}");
    }
    if let Ok(time) = text.parse::<laurel_core::time::Timestamp>() {
        assert_eq!(time.to_string().parse().ok(), Some(time), "{text}");
    }
    let _ = text.parse::<PluginDigest>();
    if let Some(Ok(identifier)) = Identifier::from_uri(text).map(Identifier::normalised) {
        assert_eq!(identifier.clone().normalised(), Ok(identifier), "{text}");
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let key = seeds::key();
    let texts = [
        key.multikey().to_string(),
        key.did_key().to_string(),
        "did:web:acme.example%3A8443:issuers:1".to_owned(),
        "2026-11-22T00:10:00Z".to_owned(),
        "2026-11-22T00:00:00.10Z".to_owned(),
        "2026-02-29T23:59:60.123456789-11:30".to_owned(),
        "mailto:Ada@Example.org".to_owned(),
        "https://LMS.example.org/#17".to_owned(),
        "https://lms.example.org/x /#17".to_owned(),
        r#"{"@context":{"@protected":true,"@version":1.1,"a":{"@id":"https://a.example/#a","@type":"@id","@context":{"b":"https://a.example/#b"}}}}"#.to_owned(),
    ];
    texts.map(String::into_bytes).to_vec()
}
