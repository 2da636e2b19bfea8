//! What a signer process checks of every document before it lets it out: that it is a complete credential, that its issuer is the one
//! whose key signs, and that the proof holds. A host that was taken over can still ask for signatures, but only of credentials.

use laurel_core::credentials::{SignError, SigningJob};
use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::{DidWeb, PublicKey};
use laurel_openbadges::verify::{CheckId, Material, Outcome, Verifier};

use super::keyring::OpenKey;

/// Verifies what was signed, anew from its bytes, as a stranger would who knows the issuer's key. Dates and status are not the signer's to judge.
pub(super) fn examine(signed: &[u8], job: &SigningJob<'_>, key: &OpenKey) -> Result<(), SignError> {
    let created = Timestamp::from_unix_seconds(job.created.0.div_euclid(1000));
    let report = Verifier::new(created)
        .with_contexts(key.contexts())
        .verify(signed, &keys_of_issuer(job.verification_method, key.public()));
    let judged = [CheckId::Parse, CheckId::Schema, CheckId::Proof, CheckId::Issuer];
    let fault = report.checks.iter().find(|check| judged.contains(&check.id) && check.outcome != Outcome::Pass);
    match fault {
        Some(check) => Err(SignError::Document(check.message.clone())),
        None if report.outcome(CheckId::Issuer).is_none() => {
            Err(SignError::Document("its issuer could not be checked".to_owned()))
        }
        None => Ok(()),
    }
}

/// A `did:key` says its key itself; for a `did:web`, its document with this one key.
fn keys_of_issuer(verification_method: &str, key: PublicKey) -> Material {
    let mut material = Material::new();
    let did = verification_method.split('#').next().unwrap_or_default();
    if let Ok(web) = did.parse::<DidWeb>() {
        material.add(web.document_url(), web.document(&[key]).to_string());
    }
    material
}
