//! The secret half of a key.

use std::fmt;

use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use super::{DidKey, Multikey};

/// An Ed25519 signing key (RFC 8032). Overwritten in memory when dropped; never printed.
///
/// ```
/// use laurel_openbadges::keys::SigningKey;
/// let key = SigningKey::from_seed(&[7; 32]);
/// assert!(key.multikey().to_string().starts_with("z6Mk"));
/// ```
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of a 32-byte seed (RFC 8032, section 5.1.5). The same seed always gives the same key.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, for sealing; it is overwritten when dropped.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn multikey(&self) -> Multikey {
        Multikey::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// The `did:key` of the public half.
    pub fn did_key(&self) -> DidKey {
        DidKey::new(self.multikey())
    }

    /// The Ed25519 signature of a message (RFC 8032, section 5.1.6). Deterministic: the same message gives the same signature.
    pub fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.multikey())
    }
}
