//! Ed25519 keys, used by AWS-LC: it signs nearly twice as fast as the library of `laurel-openbadges`, which must run in a browser too,
//! and a signature is the largest part of what a credential costs. Ed25519 is deterministic: both give the same bytes.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use laurel_openbadges::keys::{MessageSigner, Multikey, PublicKey, SignerError};

/// An Ed25519 key (RFC 8032). AWS-LC overwrites it in memory when it is dropped; it is never printed.
pub(super) struct Ed25519SigningKey {
    pair: Ed25519KeyPair,
    public: Multikey,
}

impl Ed25519SigningKey {
    /// The key of a seed, of which every 32 bytes are one; none if AWS-LC has no memory for it.
    pub(super) fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        let public = Multikey::from_bytes(pair.public_key().as_ref().try_into().ok()?);
        Some(Self { pair, public })
    }
}

impl MessageSigner for Ed25519SigningKey {
    fn public_key(&self) -> PublicKey {
        self.public.into()
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signature = self.pair.try_sign(message).map_err(|_| SignerError("AWS-LC refused".to_owned()))?;
        Ok(signature.as_ref().to_vec())
    }
}

impl fmt::Debug for Ed25519SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519SigningKey({})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laurel_openbadges::keys::SigningKey;

    #[test]
    fn it_signs_the_same_bytes_as_the_library_of_the_verifier() {
        for number in 0..64_u8 {
            let (ours, theirs) =
                (Ed25519SigningKey::from_seed(&[number; 32]).unwrap(), SigningKey::from_seed(&[number; 32]));
            assert_eq!(ours.public, theirs.multikey());
            let message = vec![number; usize::from(number) * 7];
            assert_eq!(ours.sign_message(&message).unwrap(), theirs.sign_message(&message));
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = Ed25519SigningKey::from_seed(&[7; 32]).unwrap();
        assert_eq!(format!("{key:?}"), format!("Ed25519SigningKey({})", key.public));
    }
}
