//! Who may make a proof: any signer, if its key is of Ed25519.

use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::{JwsAlgorithm, MessageSigner, PublicKey, SignerError, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, SignError, sign};

use crate::{badges, signers};

/// A signer of Ed25519 that answers what it likes.
struct Answering(Result<Vec<u8>, SignerError>);

impl MessageSigner for Answering {
    fn public_key(&self) -> PublicKey {
        SigningKey::from_seed(&[1; 32]).multikey().into()
    }

    fn sign_message(&self, _message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.clone()
    }
}

fn signed_by(key: &dyn MessageSigner) -> Result<Vec<u8>, SignError> {
    let method = SigningKey::from_seed(&[1; 32]).did_key().verification_method();
    let options = ProofOptions::new(Cryptosuite::EddsaJcs2022, method, Timestamp::from_unix_seconds(0));
    sign(&badges::minimal("did:example:1").to_bytes().unwrap(), key, &options)
}

#[test]
fn a_proof_inside_is_made_with_ed25519_alone() {
    for (name, signer) in signers::all() {
        let signed = signed_by(&*signer);
        match signer.public_key().algorithm() {
            JwsAlgorithm::EdDsa => assert!(signed.is_ok(), "{name}"),
            other => assert_eq!(signed, Err(SignError::Algorithm(other)), "{name}"),
        }
    }
}

#[test]
fn what_a_signer_did_not_sign_is_no_proof() {
    let refusal = SignerError("it is locked".into());
    assert_eq!(signed_by(&Answering(Err(refusal.clone()))), Err(SignError::Signer(refusal)));
    for size in [0, 63, 65] {
        let error = signed_by(&Answering(Ok(vec![7; size]))).unwrap_err().to_string();
        assert_eq!(error, format!("the key could not sign: an Ed25519 signature has 64 bytes, not {size}"));
    }
}
