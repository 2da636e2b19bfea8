//! The bundled tables say what the published contexts say.

use laurel_openbadges::contexts::Contexts;

use crate::{oracles, shared};

#[test]
fn every_table_equals_its_published_context() {
    let Some(standards) = shared::standards() else { return };
    let published = [
        ("https://www.w3.org/ns/credentials/v2", "credentials-v2.jsonld"),
        ("https://www.w3.org/2018/credentials/v1", "2018-credentials-v1.jsonld"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-3.0.3.json"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-v3p0-3.0.2.json"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-v3p0-3.0.1.json"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", "ob-v3p0.json"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json"),
        ("https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "clr-v2p0-2.0.1.json"),
        ("https://purl.imsglobal.org/spec/clr/v2p0/context.json", "clr-v2p0.json"),
        ("https://w3id.org/security/data-integrity/v1", "data-integrity-v1.jsonld"),
        ("https://w3id.org/security/suites/ed25519-2020/v1", "security-suites-ed25519-2020-v1.jsonld"),
        ("https://www.w3.org/ns/did/v1", "did-v1.jsonld"),
    ];
    for (url, file) in published {
        let json = shared::read(standards.join("contexts").join(file));
        assert_eq!(Contexts::bundled().matches(url, &json), Ok(true), "{url}");
    }
}

/// These two are not among the shared data, but in packages of the oracles.
#[test]
fn the_tables_of_status_lists_equal_their_published_contexts() {
    let Some(oracles) = oracles::installed() else { return };
    let published = [
        (
            "https://www.w3.org/ns/credentials/status/v1",
            "vc-bitstring-status-list-context/contexts/vc-bitstring-status-list-v1.jsonld",
        ),
        ("https://w3id.org/vc/status-list/2021/v1", "vc-status-list-context/contexts/vc-status-list-v1.jsonld"),
    ];
    for (url, file) in published {
        let json = shared::read(oracles.join("node_modules/@digitalbazaar").join(file));
        assert_eq!(Contexts::bundled().matches(url, &json), Ok(true), "{url}");
    }
}

#[test]
fn a_changed_context_is_noticed() {
    let Some(standards) = shared::standards() else { return };
    let json = shared::text(standards.join("contexts/ob-v3p0-3.0.3.json"));
    let changed = json.replace("https://www.w3.org/2001/XMLSchema#boolean", "http://www.w3.org/2001/XMLSchema#boolean");
    assert_ne!(json, changed);
    let url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    assert_eq!(Contexts::bundled().matches(url, changed.as_bytes()), Ok(false));
}

#[test]
fn an_operator_may_add_a_context() {
    let mut contexts = Contexts::bundled().clone();
    contexts.add("https://acme.example/ctx", br#"{"@context":{"level":"https://acme.example/level"}}"#).unwrap();
    assert!(contexts.urls().contains(&"https://acme.example/ctx"));
    let refused = contexts.add("https://acme.example/bad", br#"{"@context":{"@import":"https://x.example/"}}"#);
    assert!(refused.unwrap_err().to_string().contains("@import"));
}
