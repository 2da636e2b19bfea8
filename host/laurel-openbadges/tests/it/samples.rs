//! The samples of 1EdTech's validator, decided as their names say.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{CheckId, Material, Outcome, Report, Verifier};

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

#[test]
fn invalid_samples_are_invalid() {
    let Some(standards) = shared::standards() else { return };
    let names = std::fs::read_dir(standards.join("ob30-samples")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut seen = 0;
    for name in names.filter(|name| name.starts_with("simple-err") || *name == "simple-noproof.json") {
        seen += 1;
        let report = verify(&name, &material()).unwrap();
        let failed = report.checks.iter().any(|check| check.outcome == Outcome::Fail);
        assert!(failed, "{name}: {report:#?}");
    }
    assert!(seen >= 17, "only {seen} samples");
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
