//! What we sign verifies: whatever is signed at all has a proof that holds, in either suite and as a token.

use laurel_openbadges::Timestamp;
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Verifier};

use super::JSON;
use crate::Target;
use crate::seeds::{self, NOW};

pub(super) const TARGET: Target = Target {
    name: "signed",
    reads: "an unsigned document, which is signed and then verified",
    run,
    seeds: seeds::unsigned,
    words: JSON,
    tries: 3000,
};

fn run(bytes: &[u8]) {
    let key = seeds::key();
    let now = Timestamp::from_unix_seconds(NOW);
    for suite in [Cryptosuite::EddsaRdfc2022, Cryptosuite::EddsaJcs2022] {
        let options = ProofOptions::new(suite, key.did_key().verification_method(), now);
        if let Ok(signed) = sign(bytes, &key, &options) {
            assert_eq!(sign(bytes, &key, &options).as_deref(), Ok(&*signed));
            holds(&signed);
        }
    }
    for profile in [JwtProfile::OpenBadges, JwtProfile::JoseCose] {
        if let Ok(token) = sign_credential(bytes, &key, &JwtOptions::new(profile, KeyReference::Jwk)) {
            holds(token.as_bytes());
        }
    }
}

fn holds(signed: &[u8]) {
    let verifier = Verifier::new(Timestamp::from_unix_seconds(NOW));
    let report = verifier.verify(signed, &Material::new());
    let outcome = report.outcome(CheckId::Proof);
    assert!(matches!(outcome, None | Some(Outcome::Pass)), "{report:#?}");
}
