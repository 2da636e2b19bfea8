//! Public keys in the Multikey form (Controlled Identifiers 1.0, section 2.2.2).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};

use crate::multibase::{self, MultibaseError};

/// The multicodec prefix of an Ed25519 public key (0xed, as a varint).
const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];

/// An Ed25519 public key, written `z6Mk…` (Controlled Identifiers 1.0, section 2.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Multikey([u8; 32]);

/// Why a text is no Ed25519 Multikey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MultikeyError {
    /// The text is not multibase.
    #[error("the key {text:?} cannot be read: {error}")]
    Multibase {
        /// The text, shortened.
        text: String,
        /// What is wrong with it.
        error: MultibaseError,
    },
    /// The bytes are a key of another kind.
    #[error("the key {text:?} is not an Ed25519 key (those begin with z6Mk)")]
    NotEd25519 {
        /// The text, shortened.
        text: String,
    },
    /// The bytes claim to be a key and are none: a point off its curve, an RSA modulus of an unacceptable size.
    #[error("the key {text:?} is not acceptable: its numbers make no key")]
    NotAKey {
        /// The text, shortened.
        text: String,
    },
}

impl Multikey {
    /// From the 32 bytes of RFC 8032, section 5.1.5.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in what the multibase `text` says.
    pub(super) fn of_decoded(bytes: &[u8], text: &str) -> Result<Self, MultikeyError> {
        match bytes.strip_prefix(&ED25519_PUBLIC).map(<[u8; 32]>::try_from) {
            Some(Ok(key)) => Ok(Self(key)),
            _ => Err(MultikeyError::NotEd25519 { text: text.chars().take(80).collect() }),
        }
    }

    /// Whether `signature` is this key's signature of `message` (RFC 8032, section 5.1.7).
    ///
    /// Strict: keys of small order and malleable signatures are refused.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else { return false };
        key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for Multikey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 34];
        bytes[..2].copy_from_slice(&ED25519_PUBLIC);
        bytes[2..].copy_from_slice(&self.0);
        f.write_str(&multibase::base58(&bytes))
    }
}

impl FromStr for Multikey {
    type Err = MultikeyError;

    fn from_str(text: &str) -> Result<Self, MultikeyError> {
        let shown = || text.chars().take(80).collect();
        let bytes = multibase::decode(text).map_err(|error| MultikeyError::Multibase { text: shown(), error })?;
        Self::of_decoded(&bytes, text)
    }
}
