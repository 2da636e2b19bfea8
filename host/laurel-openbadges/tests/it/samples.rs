//! The samples of 1EdTech's validator, decided as their names say.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{Check, CheckId, Material, Outcome, Report, Verifier};

use crate::shared;

const KEY: &str = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

/// A document that lists one key of an https issuer.
pub(crate) fn key_document(issuer: &str, key: &str) -> String {
    serde_json::json!({
        "id": issuer,
        "verificationMethod": [
            { "id": format!("{issuer}#{key}"), "type": "Multikey", "controller": issuer, "publicKeyMultibase": key }
        ],
        "assertionMethod": [format!("{issuer}#{key}")],
    })
    .to_string()
}

fn material() -> Material {
    let mut material = Material::new();
    for issuer in [
        "https://example.com/issuers/876543",
        "https://example.edu/issuers/565049",
        "https://1edtech.edu/issuers/565049",
    ] {
        material.add(issuer, key_document(issuer, KEY));
    }
    material
}

fn verify(name: &str, material: &Material) -> Option<Report> {
    let path = shared::standards()?.join("ob30-samples").join(name);
    Some(Verifier::new(Timestamp::from_unix_seconds(1_760_000_000)).verify(&shared::read(path), material))
}

#[test]
fn valid_samples_are_valid() {
    for name in ["simple.json", "simple-context-alias.json", "simple-context-version.json"] {
        let Some(report) = verify(name, &material()) else { return };
        assert!(report.is_valid(), "{name}: {report:#?}");
    }
}

/// What each sample with an error has wrong, after its name: the check that fails over it, and a part of what the check says.
const INVALID: [(&str, CheckId, &str); 18] = [
    ("context", CheckId::Schema, "at /@context: "),
    (
        "credential-subject-achievement-result-description-type",
        CheckId::Schema,
        "at /credentialSubject/achievement/resultDescription/2/type: must include ResultDescription",
    ),
    (
        "credential-subject-identifier-type",
        CheckId::Schema,
        "at /credentialSubject/identifier/0/type: must include IdentityObject",
    ),
    ("credential-subject-profile-type", CheckId::Schema, "at /credentialSubject/source/type: must include Profile"),
    ("credential-subject-result-type", CheckId::Schema, "at /credentialSubject/result/1/type: must include Result"),
    ("credential-subject-type", CheckId::Schema, "at /credentialSubject/type: must include AchievementSubject"),
    ("evidence-type", CheckId::Schema, "at /evidence/1/type: must include Evidence"),
    ("issued", CheckId::Dates, "not valid before 2040-01-01"),
    ("issuer-otheridentifier-type", CheckId::Schema, "at /issuer/otherIdentifier/1/type: must include IdentifierEntry"),
    ("issuer-parentorg-type", CheckId::Schema, "at /issuer/parentOrg/type: must include Profile"),
    ("issuer-type", CheckId::Schema, "at /issuer/type: must include Profile"),
    ("issuer", CheckId::Issuer, "names no issuer"),
    ("proof-method-no-scheme", CheckId::Proof, "the verification method \"z6M"),
    ("proof-method-unknown-did-method", CheckId::Proof, "the verification method \"did:example:"),
    ("proof-method-unknown-scheme", CheckId::Proof, "the verification method \"xxx:"),
    ("proof-method", CheckId::Proof, "does not list this key"),
    ("type", CheckId::Proof, "at /type: no context defines the type \"OtherCredential\""),
    ("noproof", CheckId::Proof, "has no proof"),
];

#[test]
fn invalid_samples_fail_over_what_their_names_state() {
    let Some(standards) = shared::standards() else { return };
    let names = std::fs::read_dir(standards.join("ob30-samples")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut seen = 0;
    for name in names.filter(|name| name.starts_with("simple-err") || *name == "simple-noproof.json") {
        let fault = name.trim_start_matches("simple-").trim_start_matches("err-").trim_end_matches(".json");
        let known = INVALID.iter().find(|(stated, ..)| *stated == fault);
        let (_, id, words) = known.unwrap_or_else(|| panic!("{name} is new: say above what is wrong with it"));
        let report = verify(&name, &material()).unwrap();
        let fails = |check: &Check| check.id == *id && check.outcome == Outcome::Fail && check.message.contains(words);
        assert!(report.checks.iter().any(fails), "{name}: {report:#?}");
        seen += 1;
    }
    assert_eq!(seen, INVALID.len());
}

#[test]
fn a_revoked_sample_is_seen_in_its_list() {
    let Some(standards) = shared::standards() else { return };
    let folder = standards.join("ob30-samples/bit-string-list");
    let url = "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/inspector-vc/src/test/resources/ob30/bit-string-list/testlist";
    let mut material = material();
    material.add(url, shared::read(folder.join("testlist")));
    for name in ["credential-status-revoked.json", "credential-status-revoked-blank-nodes.json"] {
        let verifier = Verifier::new(Timestamp::from_unix_seconds(1_760_000_000));
        let report = verifier.verify(&shared::read(folder.join(name)), &material);
        assert!(report.revoked, "{name}: {report:#?}");
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass), "{name}: {report:#?}");
    }
}

/// What a verifier must fetch is told before anything is decided.
#[test]
fn needs_are_told_round_by_round() {
    let Some(standards) = shared::standards() else { return };
    let folder = standards.join("ob30-samples/bit-string-list");
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_760_000_000));
    let document = shared::read(folder.join("credential-status-revoked.json"));
    let mut material = Material::new();
    let first: Vec<String> = verifier.needs(&document, &material).into_iter().map(|need| need.url).collect();
    assert_eq!(first.len(), 2);
    assert_eq!(first[0], "https://1edtech.edu/issuers/565049");
    material.add(&first[1], shared::read(folder.join("testlist")));
    material.add_failure(&first[0], "the server answered 404");
    assert!(verifier.needs(&document, &material).is_empty());
    let report = verifier.verify(&document, &material);
    assert_eq!(report.outcome(CheckId::Issuer), Some(Outcome::NotChecked));
}

/// Every sample is decided by one of the tests here or in `baking.rs` and `tokens.rs`; a new one would be noticed.
#[test]
fn no_sample_is_left_out() {
    let Some(standards) = shared::standards() else { return };
    let names = std::fs::read_dir(standards.join("ob30-samples")).unwrap();
    for name in names.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let decided = name.starts_with("simple")
            || ["bit-string-list", "complete_v1.json", "credential-status-revoked.json", "sd", "velocity.jwt"]
                .contains(&name.as_str())
            || name == "endorsement-err-schema-status-refresh.json";
        assert!(decided, "{name}");
    }
}

/// A credential of the older data model with everything it can say, at a time when it was valid.
#[test]
fn the_complete_older_sample_is_complete() {
    let Some(standards) = shared::standards() else { return };
    let document = shared::read(standards.join("ob30-samples/complete_v1.json"));
    let report = Verifier::new("2015-01-01T00:00:00Z".parse().unwrap()).verify(&document, &material());
    for check in [CheckId::Parse, CheckId::Schema, CheckId::Dates] {
        assert_eq!(report.outcome(check), Some(Outcome::Pass), "{report:#?}");
    }
    let now = Verifier::new(Timestamp::from_unix_seconds(1_760_000_000)).verify(&document, &material());
    assert_eq!(now.outcome(CheckId::Dates), Some(Outcome::Fail));
}

/// A bare `did:key` as the method, and an issuer that nothing ties to it: the proof holds, the issuer is not known.
#[test]
fn a_proof_by_a_bare_did_key() {
    let Some(report) = verify("simple-did-key-method.json", &material()) else { return };
    assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass), "{report:#?}");
    assert_eq!(report.outcome(CheckId::Issuer), Some(Outcome::NotChecked));
}

/// Cryptosuites that were withdrawn, or that this crate does not have, are named.
#[test]
fn other_suites_are_named() {
    for (name, suite) in [("simple-eddsa-2022.json", "eddsa-2022"), ("sd/derivedcredential.json", "ecdsa-sd-2023")] {
        let Some(report) = verify(name, &material()) else { return };
        let message = &report.check(CheckId::Proof).unwrap().message;
        assert!(message.contains(&format!("does not know {suite:?}")), "{name}: {message}");
    }
}

/// The archive format's badge is the simple one.
#[test]
fn the_archived_sample_is_the_simple_one() {
    let Some(report) = verify("simple.1ob", &material()) else { return };
    assert!(report.is_valid(), "{report:#?}");
}

/// The older revocation list of 1EdTech.
#[test]
fn a_credential_is_found_in_the_older_revocation_list() {
    let Some(standards) = shared::standards() else { return };
    let document = shared::read(standards.join("ob30-samples/credential-status-revoked.json"));
    let json: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let issuer = json["issuer"]["id"].as_str().unwrap();
    let list = json["credentialStatus"]["id"].as_str().unwrap();
    let verifier = Verifier::new(Timestamp::from_unix_seconds(1_760_000_000));
    let wanted: Vec<String> = verifier.needs(&document, &Material::new()).into_iter().map(|need| need.url).collect();
    let keys =
        "https://dc.1edtech.org/wellspring2022/wellspring-portal/org/da1e96e9-afcc-4eed-b9a2-2ddf7353214c/did.json";
    assert_eq!(wanted, [list, keys]);
    let revoked = serde_json::json!({ "id": json["id"], "revoked": true, "revocationReason": "Issued in error." });
    let cases = [
        (serde_json::json!({ "id": list, "issuer": issuer, "revokedCredential": [revoked] }), true, Outcome::Fail),
        (serde_json::json!({ "id": list, "issuer": issuer, "revokedCredential": [] }), false, Outcome::Pass),
        (
            serde_json::json!({ "id": list, "issuer": issuer, "revokedCredential": [{ "id": "urn:other", "revoked": true }] }),
            false,
            Outcome::Pass,
        ),
        (
            serde_json::json!({ "id": list, "issuer": "https://other.example", "revokedCredential": [revoked] }),
            false,
            Outcome::Fail,
        ),
    ];
    for (content, is_revoked, outcome) in cases {
        let mut material = Material::new();
        material.add(keys, key_document(issuer, KEY));
        material.add(list, content.to_string());
        let report = verifier.verify(&document, &material);
        assert_eq!((report.revoked, report.outcome(CheckId::Status)), (is_revoked, Some(outcome)), "{content}");
        assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Pass), "{report:#?}");
        assert_eq!(report.outcome(CheckId::Issuer), Some(Outcome::Pass), "{report:#?}");
        if is_revoked {
            assert!(report.check(CheckId::Status).unwrap().message.contains("Issued in error."));
        }
    }
}

/// Its name says that schema, status and refresh are wrong: its own proof already does not hold.
#[test]
fn the_endorsement_with_errors_is_invalid() {
    let Some(report) = verify("endorsement-err-schema-status-refresh.json", &material()) else { return };
    assert_eq!(report.outcome(CheckId::Proof), Some(Outcome::Fail), "{report:#?}");
}
