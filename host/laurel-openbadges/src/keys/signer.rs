//! Signing with keys of any kind, wherever they are kept.

use super::{EcSigningKey, PublicKey, SigningKey};

/// Something that signs proofs and tokens: a key in memory, in another process, in a hardware module
/// (`EdDSA` Cryptosuites 1.0, sections 3.2.6 and 3.3.6; RFC 7515, section 5.1).
///
/// This crate brings it for Ed25519 ([`SigningKey`]) and the curves of NIST ([`EcSigningKey`]). RSA keys are kept by
/// whoever implements it for them; and whoever has a faster Ed25519 at hand than one that must run in a browser too
/// may implement it for that.
pub trait MessageSigner {
    /// The public half of the key; it tells the algorithm too.
    fn public_key(&self) -> PublicKey;

    /// The signature of `message` in the form RFC 7518, section 3, gives it; of Ed25519 the 64 bytes of RFC 8032.
    ///
    /// # Errors
    /// If the key cannot be used now; in words.
    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why a signer did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key could not sign: {0}")]
pub struct SignerError(pub String);

impl MessageSigner for SigningKey {
    fn public_key(&self) -> PublicKey {
        self.multikey().into()
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(Self::sign_message(self, message).to_vec())
    }
}

impl MessageSigner for EcSigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ec(Self::public_key(self))
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(Self::sign_message(self, message))
    }
}
