//! Input made to hurt: bounded in time and memory, answered precisely.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::verify::{Check, CheckId, Expected, Material, Outcome, Report, Verifier};
use laurel_openbadges::{Limits, Timestamp, canonical};

fn nquads(document: &str) -> Result<String, String> {
    canonical::nquads(document.as_bytes(), Contexts::bundled(), &Limits::default()).map_err(|error| error.to_string())
}

fn credential(members: &str) -> String {
    format!(
        r#"{{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "type":["VerifiableCredential"],"issuer":"did:example:i","credentialSubject":{{"id":"did:example:s"}}{members}}}"#
    )
}

#[test]
fn what_a_signature_would_not_cover_is_an_error_at_its_place() {
    let cases = [
        (r#","unheardOf":1"#, "at /unheardOf: no context defines this term"),
        (r#","evidence":{"type":"Unheard"}"#, "at /evidence/type: no context defines the type \"Unheard\""),
        (
            r#","evidence":{"id":"relative/path","type":"Evidence"}"#,
            "at /evidence/id: \"relative/path\" is not an absolute",
        ),
        (r#","description":null"#, "at /description: null says nothing"),
        (r#","evidence":[{"type":"Evidence","narrative":[null]}]"#, "at /evidence/0/narrative/0: null says nothing"),
        (r#","name":{"@value":"x","@direction":"up"}"#, "at /name: @direction is ltr or rtl"),
        (r#","name":{"@value":1,"@direction":"ltr"}"#, "at /name: @direction is ltr or rtl"),
        (r#","id":"urn:<bad>""#, "at /id: \"urn:<bad>\" is not an absolute identifier"),
        (r#","@graph":[]"#, "at /@graph: credentials have no use for this keyword here"),
    ];
    for (members, expected) in cases {
        let error = nquads(&credential(members)).unwrap_err();
        assert!(error.starts_with(expected), "{members}: {error}");
    }
}

#[test]
fn protected_terms_cannot_be_redefined() {
    let document = r#"{"@context":["https://www.w3.org/ns/credentials/v2",{"name":"https://evil.example/name"}],
        "type":"VerifiableCredential"}"#;
    assert!(nquads(document).unwrap_err().contains("redefines the protected term \"name\""));
    let document = r#"{"@context":["https://www.w3.org/ns/credentials/v2",null],"type":"VerifiableCredential"}"#;
    assert!(nquads(document).unwrap_err().contains("null context"));
}

#[test]
fn duplicate_keys_numbers_and_depth_are_refused() {
    assert!(nquads(&credential(r#","name":"a","name":"b""#)).unwrap_err().contains("\"name\" occurs twice"));
    assert!(nquads(&credential(r#","name":12345678901234567890123"#)).unwrap_err().contains("cannot be held exactly"));
    assert!(nquads(&credential(r#","name":1e999"#)).unwrap_err().starts_with("at /name: the number 1e999"));
    let deep = format!("{}{}", r#"{"name":"#.repeat(2000), "1");
    assert!(nquads(&deep).unwrap_err().contains("nested deeper than 64 levels"));
}

/// The signature covers statements; what a verifier reads as JSON must be spelled so that it is found.
#[test]
fn statements_cannot_be_hidden_by_spelling_them_otherwise() {
    let until = r#"{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2020-01-01T00:00:00Z"}"#;
    let hidden = [
        credential(&format!(r#","https://www.w3.org/2018/credentials#validUntil":{until}"#)),
        credential("").replacen("],", r#",{"end":"https://www.w3.org/2018/credentials#validUntil"}],"end":"2020","#, 1),
        credential(
            r#","id":"urn:c","evidence":{"id":"urn:c","type":["Evidence","VerifiableCredential"],"validUntil":"2020-01-01T00:00:00Z"}"#,
        ),
        credential(
            r#","id":"_:c","evidence":{"id":"_:c","type":["Evidence","VerifiableCredential"],"validUntil":"2020-01-01T00:00:00Z"}"#,
        ),
    ];
    for document in hidden {
        let error = nquads(&document).unwrap_err();
        assert!(error.contains("would overlook it"), "{document}: {error}");
    }
    let swapped = r#"{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        {"name":"https://schema.org/description","description":"https://schema.org/name"}],"type":"VerifiableCredential"}"#;
    assert!(nquads(swapped).unwrap_err().contains("redefines"));
}

/// A clique of blank nodes: n! orders for the plain algorithm.
fn clique(size: usize) -> String {
    let mut evidence = String::new();
    for from in 0..size {
        for to in 0..size {
            if from != to {
                let _ = write!(evidence, r#"{{"id":"_:e{from}","endorsement":{{"id":"_:e{to}"}}}},"#);
            }
        }
    }
    credential(&format!(r#","evidence":[{}]"#, evidence.trim_end_matches(',')))
}

#[test]
fn poison_graphs_end_quickly() {
    let started = Instant::now();
    let error = nquads(&clique(12)).unwrap_err();
    assert!(error.contains("entangled beyond the limit"), "{error}");
    assert!(started.elapsed() < Duration::from_mins(2), "{:?} in a debug build on a busy machine", started.elapsed());
}

#[test]
fn large_inputs_are_refused_before_they_are_read() {
    let large = credential(&format!(r#","name":"{}""#, "x".repeat(10 << 20)));
    let report = Verifier::new(Timestamp::from_unix_seconds(0)).verify(large.as_bytes(), &Material::new());
    assert_eq!(report.outcome(CheckId::Parse), Some(Outcome::Fail));
    assert!(report.checks[0].message.contains("at most 4194304 are read"), "{report:?}");
    let mut terms = String::new();
    for index in 0..3000 {
        let _ = write!(terms, r#""t{index}":"https://a.example/{index}","#);
    }
    let document = format!(r#"{{"@context":[{{{}}}],"type":"x"}}"#, terms.trim_end_matches(','));
    assert!(nquads(&document).unwrap_err().contains("more than 2000 terms"));
}

#[test]
fn proofs_of_every_wrong_form_are_refused() {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_800_000_000));
    let good = r#""type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2","proofPurpose":"assertionMethod","created":"2024-01-01T00:00:00Z","proofValue":"zAAA""#;
    let cases = [
        ("null".to_owned(), "must be an object"),
        ("\"x\"".to_owned(), "must be an object"),
        ("[]".to_owned(), "has no proof"),
        ("{}".to_owned(), "has no type"),
        (format!("{{{good}}}"), "64 bytes"),
        (format!("{{{}}}", good.replace("zAAA", "AAA")), "must begin with"),
        (format!("{{{}}}", good.replace("zAAA", "z0OIl")), "does not have"),
        (format!("{{{}}}", good.replace("eddsa-rdfc", "rot13")), "does not know"),
        (format!("{{{}}}", good.replace("2024-01-01T", "yesterday")), "date and time"),
        (format!("{{{}}}", good.replace("DataIntegrityProof", "Magic")), "does not know"),
    ];
    for (proof, expected) in cases {
        let report = verifier.verify(credential(&format!(r#","proof":{proof}"#)).as_bytes(), &Material::new());
        let check = report.check(CheckId::Proof).unwrap();
        assert_eq!(check.outcome, Outcome::Fail, "{proof}");
        assert!(check.message.contains(expected), "{proof}: {}", check.message);
    }
}

/// Text that turns the direction of what follows, hides, or breaks the line: signed as it is, and never repeated in a message.
#[test]
fn directions_and_hidden_characters_stay_out_of_messages() {
    let tricks = "\u{202e}nimda\u{2066}\u{200b}\u{7}\u{2028}";
    let key = SigningKey::from_seed(&[9; 32]);
    let named = credential("").replace("did:example:i", &format!("https://a.example/{}", "x".repeat(50)));
    let documents = [
        credential(&format!(r#","{tricks}":1"#)),
        credential(&format!(r#","name":"{tricks}","proof":{{"type":"{tricks}"}}"#).replace('\u{7}', "")),
        named.replace("xxx", &tricks.replace('\u{7}', "")),
        format!("{{\"{tricks}"),
    ];
    let verifier = Verifier::new(Timestamp::from_unix_seconds(0));
    for document in documents {
        for check in verifier.verify(document.as_bytes(), &Material::new()).checks {
            assert!(!check.message.contains(|c: char| tricks.contains(c) && !c.is_ascii_alphabetic()), "{check:?}");
        }
    }
    let options = ProofOptions::new(
        Cryptosuite::EddsaRdfc2022,
        key.did_key().verification_method(),
        Timestamp::from_unix_seconds(1),
    );
    let document = credential(&format!(r#","name":"Ada{}""#, tricks.replace('\u{7}', "")))
        .replace("did:example:i", &key.did_key().to_string());
    let signed = String::from_utf8(sign(document.as_bytes(), &key, &options).unwrap()).unwrap();
    assert_eq!(verifier.verify(signed.as_bytes(), &Material::new()).outcome(CheckId::Proof), Some(Outcome::Pass));
    let changed = signed.replace('\u{202e}', "\u{202d}");
    assert_eq!(verifier.verify(changed.as_bytes(), &Material::new()).outcome(CheckId::Proof), Some(Outcome::Fail));
}

/// Tokens that are large, deep, or full of parts.
#[test]
fn hostile_tokens_end_quickly() {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(0));
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = encoded(r#"{"alg":"EdDSA","typ":"vc+jwt"}"#);
    let tokens = [
        (format!("{header}.{}.AAAA", "A".repeat(12 << 20)), "payload is longer than 4194304 bytes"),
        (format!("{}.AAAA.AAAA", "A".repeat(64 << 10)), "header is longer than 16384 bytes"),
        (format!("{header}.AAAA.{}", "A".repeat(64 << 10)), "signature is longer than 1024 bytes"),
        (format!("{header}.{}.AAAA", encoded(&"[".repeat(100_000))), "nested deeper than 64 levels"),
        (format!("{header}.{}.AAAA", encoded(r#"{"iss":"a","iss":"b"}"#)), "\"iss\" occurs twice"),
        (format!("{header}.{}.AAAA", encoded("[1]")), "payload is not a JSON object"),
        (format!("{header}.{}=.AAAA", encoded("{}")), "cannot be read"),
        (".".repeat(1 << 20), "three parts"),
        (format!("{header}.{}", encoded("{}")), "three parts"),
    ];
    let started = Instant::now();
    for (token, expected) in tokens {
        let report = verifier.verify(token.as_bytes(), &Material::new());
        assert_eq!(report.outcome(CheckId::Parse), Some(Outcome::Fail), "{expected}");
        assert!(report.checks[0].message.contains(expected), "{expected}: {}", report.checks[0].message);
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

/// A presentation of more credentials than anybody shows, and one of credentials within credentials.
#[test]
fn hostile_presentations_end_quickly() {
    let presentation = |credentials: &str| {
        format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[{credentials}]}}"#
        )
    };
    let unsigned = Expected { unsigned: true, ..Expected::default() };
    let verifier = Verifier::new(Timestamp::from_unix_seconds(0));
    let many = presentation(&vec!["{}"; 501].join(","));
    let report = verifier.verify_presentation(many.as_bytes(), &unsigned, &Material::new());
    assert!(report.checks.iter().any(|check| check.message.contains("at most 500 are read")), "{report:#?}");
    let nested = presentation(&presentation(&presentation("{}")));
    assert!(!verifier.verify_presentation(nested.as_bytes(), &unsigned, &Material::new()).is_valid());
    assert!(verifier.needs(nested.as_bytes(), &Material::new()).is_empty());
}

/// A proof in good form that is no proof of anything.
fn hollow_proof() -> String {
    let key = SigningKey::from_seed(&[9; 32]);
    let method = key.did_key().verification_method();
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, Timestamp::from_unix_seconds(1));
    let signed = String::from_utf8(sign(credential("").as_bytes(), &key, &options).unwrap()).unwrap();
    signed[signed.find(r#""proof":"#).unwrap() + 8..signed.len() - 1].to_owned()
}

fn secured(document: &str, proofs: &[String]) -> String {
    format!(r#"{},"proof":[{}]}}"#, &document[..document.len() - 1], proofs.join(","))
}

/// Many documents that are dear to canonicalise: together they cost no more than one verification may.
#[test]
fn many_poison_graphs_cost_as_much_as_a_few() {
    let poisoned = secured(&clique(8), &vec![hollow_proof(); 32]);
    let presentation = format!(
        r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[{}]}}"#,
        vec![poisoned; 60].join(",")
    );
    let unsigned = Expected { unsigned: true, ..Expected::default() };
    let limits = Limits { steps: 250_000, ..Limits::default() };
    let verifier = Verifier::new(Timestamp::from_unix_seconds(2)).with_limits(limits);
    let started = Instant::now();
    let report = verifier.verify_presentation(presentation.as_bytes(), &unsigned, &Material::new());
    let took = started.elapsed();
    let proofs = |report: &Report| report.checks.iter().filter(|check| check.id == CheckId::Proof).cloned().collect();
    let proofs: Vec<Vec<Check>> = report.credentials.iter().map(proofs).collect();
    assert!(proofs.iter().all(|proofs| proofs.len() == 32));
    for check in &proofs[0] {
        assert!(check.outcome == Outcome::Fail && check.message.contains("entangled beyond"), "{check:?}");
    }
    for check in proofs[3..].iter().flatten() {
        let said = "could not be checked: everything presented together needs more than the 250000 steps of work";
        assert!(check.outcome == Outcome::NotChecked && check.message.contains(said), "{check:?}");
    }
    assert!(took < Duration::from_mins(3), "{took:?} in a debug build on a busy machine");
}

/// Proofs of a chain are each made over another document; that is paid for as well.
#[test]
fn long_chains_of_proofs_over_a_large_document_end() {
    let words: Vec<String> = (0..2_000).map(|n| format!(r#"{{"type":"Evidence","narrative":"{n}"}}"#)).collect();
    let chained = |n: usize| {
        let id = format!(r#"{{"id":"urn:proof:{n}","previousProof":"urn:proof:{}","#, (n + 1) % 32);
        hollow_proof().replacen('{', &id, 1)
    };
    let document = credential(&format!(r#","evidence":[{}]"#, words.join(",")));
    let document = secured(&document, &(0..32).map(chained).collect::<Vec<_>>());
    let limits = Limits { steps: 50_000, ..Limits::default() };
    let verifier = Verifier::new(Timestamp::from_unix_seconds(2)).with_limits(limits);
    let report = verifier.verify(document.as_bytes(), &Material::new());
    let unchecked = report.checks.iter().filter(|check| check.message.contains("more than the 50000 steps"));
    assert!(unchecked.count() > 16, "{report:#?}");
}

/// Key documents, lists and resources are read as often as they are named, and paid for each time.
#[test]
fn what_was_fetched_is_not_read_for_nothing() {
    let named = |n: usize| hollow_proof().replace("did:key:", &format!("did:web:a.example#{n}-"));
    let document = secured(&credential(""), &(0..32).map(named).collect::<Vec<_>>());
    let mut material = Material::new();
    material.add("https://a.example/.well-known/did.json", format!(r#"{{"id":"{}"}}"#, "x".repeat(1 << 20)));
    let limits = Limits { steps: 50_000, ..Limits::default() };
    let verifier = Verifier::new(Timestamp::from_unix_seconds(2)).with_limits(limits);
    let report = verifier.verify(document.as_bytes(), &material);
    let unchecked = report.checks.iter().filter(|check| check.message.contains("more than the 50000 steps"));
    assert!(unchecked.count() > 16, "{report:#?}");
}

/// What a credential makes a verifier fetch is bounded, and only by https.
#[test]
fn nobody_is_sent_around_the_world() {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(0));
    let resources: Vec<String> = (0..1000)
        .map(|n| {
            format!(
                r#"{{"id":"https://a.example/{n}","digestMultibase":"uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ"}}"#
            )
        })
        .collect();
    let document = credential(&format!(r#","relatedResource":[{}]"#, resources.join(",")));
    assert_eq!(verifier.needs(document.as_bytes(), &Material::new()).len(), 32);
    let report = verifier.lint(document.as_bytes(), &Material::new());
    assert!(report.checks.iter().any(|check| check.message.contains("must not be more than 32")), "{report:#?}");
    let entries: Vec<String> = (0..1000)
        .map(|n| format!(r#"{{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"1","statusListCredential":"https://a.example/{n}"}}"#))
        .collect();
    let document = credential(&format!(r#","credentialStatus":[{}]"#, entries.join(",")));
    assert!(verifier.needs(document.as_bytes(), &Material::new()).len() <= 16);
    for place in ["http://169.254.169.254/latest", "file:///etc/passwd", "did:web:127.0.0.1", "ftp://a.example/x"] {
        let proof = format!(
            r#","proof":{{"verificationMethod":"{place}#k"}},"relatedResource":{{"id":"{place}","digestMultibase":"uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ"}}"#
        );
        assert!(verifier.needs(credential(&proof).as_bytes(), &Material::new()).is_empty(), "{place}");
    }
}
