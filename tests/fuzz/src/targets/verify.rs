//! A whole verification: of a document, then of everything it asks for, in the order it asks. Whatever comes in, a report comes out, and
//! the asking ends.

use laurel_openbadges::Timestamp;
use laurel_openbadges::verify::{CheckId, Expected, Material, Need, Outcome, Verifier};

use super::{SEPARATOR, parts};
use crate::Target;
use crate::seeds::{self, NOW};

pub(super) const TARGET: Target = Target {
    name: "verify",
    reads: "a credential, badge or presentation, and after lines of three hyphens each document that it asks for",
    run,
    seeds,
    words: WORDS,
    tries: 3000,
};

const WORDS: &[&str] = &[
    "\n---\n",
    "\n---\ngone",
    "\"proof\":",
    "\"verificationMethod\":",
    "\"assertionMethod\":",
    "\"credentialStatus\":",
    "\"credentialSubject\":",
    "\"credentialSchema\":",
    "\"evidence\":[],",
    "\"endorsement\":[],",
    "\"relatedResource\":",
    "\"digestMultibase\":",
    "\"digestSRI\":",
    "\"previousProof\":",
    "\"publicKeyMultibase\":",
    "\"publicKeyJwk\":",
    "\"publicKeyPem\":",
    "\"controller\":",
    "\"revocationList\":",
    "\"allowedOrigins\":",
    "\"startsWith\":",
    "\"verification\":",
    "\"recipient\":",
    "\"issuer\":",
    "\"holder\":",
    "\"@context\":",
    "\"id\":",
    "\"type\":",
    "did:web:acme.example",
    "did:key:z6Mk",
    "eddsa-jcs-2022",
    "Ed25519Signature2020",
    "EnvelopedVerifiableCredential",
    "https://",
    "#",
    "urn:uuid:",
    "2026-01-01T00:00:00Z",
];
/// More documents one after the other than any badge leads to.
const ROUNDS: usize = 12;

fn run(bytes: &[u8]) {
    let document = parts(bytes).next().unwrap_or_default();
    let now = Timestamp::from_unix_seconds(NOW);
    for verifier in [Verifier::new(now), Verifier::new(now).with_open_badges_2().for_recipient("ada@example.com")] {
        let mut served = parts(bytes).skip(1);
        let material = gathered(&verifier, document, |_| served.next());
        let report = verifier.verify(document, &material);
        assert!(!report.checks.is_empty());
        let passed = |check| report.outcome(check) == Some(Outcome::Pass);
        assert!(!report.is_valid() || (passed(CheckId::Parse) && passed(CheckId::Proof)), "{report:#?}");
        assert!(!verifier.lint(document, &material).checks.is_empty());
        let presented = verifier.verify_presentation(document, &Expected::default(), &material);
        assert!(!presented.checks.is_empty());
    }
}

/// Everything that is asked for, as `answer` has it.
fn gathered<'b>(
    verifier: &Verifier<'_>,
    document: &[u8],
    mut answer: impl FnMut(&Need) -> Option<&'b [u8]>,
) -> Material {
    let mut material = Material::new();
    for _ in 0..ROUNDS {
        let needs = verifier.needs(document, &material);
        if needs.is_empty() {
            return material;
        }
        for need in needs {
            match answer(&need) {
                Some(b"gone") => material.add_gone(need.url),
                Some(part) => material.add(need.url, part),
                None => material.add_failure(need.url, "it was not there"),
            }
        }
    }
    panic!("it goes on asking: {:?}", verifier.needs(document, &material));
}

/// Each with what its issuer serves, put in the order in which it is asked for.
fn seeds() -> Vec<Vec<u8>> {
    let served = seeds::served();
    let verifier = Verifier::new(Timestamp::from_unix_seconds(NOW)).with_open_badges_2();
    let input = |document: Vec<u8>| {
        let mut whole = document.clone();
        gathered(&verifier, &document, |need| {
            let part = served.get(&need.url).map(Vec::as_slice);
            whole.extend_from_slice(SEPARATOR);
            whole.extend_from_slice(part.unwrap_or(b"gone"));
            part
        });
        whole
    };
    seeds::signed().into_iter().map(input).collect()
}
