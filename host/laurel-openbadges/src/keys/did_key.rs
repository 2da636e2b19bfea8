//! `did:key`: an identifier that is its key (the did:key method, version 0.9).

use std::fmt;
use std::str::FromStr;

use serde_json::json;

use super::{Multikey, MultikeyError};
use crate::contexts::{DID_V1, MULTIKEY_V1};

/// A `did:key` of an Ed25519 key (the did:key method, "Format").
///
/// ```
/// use laurel_openbadges::keys::{DidKey, SigningKey};
/// let did = SigningKey::from_seed(&[7; 32]).did_key();
/// assert_eq!(did.to_string().parse::<DidKey>()?, did);
/// assert_eq!(did.verification_method(), format!("{did}#{}", did.multikey()));
/// # Ok::<(), laurel_openbadges::keys::DidKeyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DidKey(Multikey);

/// Why a text is no `did:key` of an Ed25519 key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidKeyError {
    /// It does not begin with `did:key:`.
    #[error("{text:?} does not begin with did:key:")]
    NotDidKey {
        /// The text, shortened.
        text: String,
    },
    /// The key in it cannot be read.
    #[error(transparent)]
    Key(#[from] MultikeyError),
}

impl DidKey {
    /// The identifier of a key.
    pub fn new(key: Multikey) -> Self {
        Self(key)
    }

    /// The key.
    pub fn multikey(&self) -> Multikey {
        self.0
    }

    /// The identifier of its one verification method: `did:key:z6Mk…#z6Mk…`.
    pub fn verification_method(&self) -> String {
        format!("{self}#{}", self.0)
    }

    /// The DID document, as resolution of a `did:key` defines it.
    pub fn document(&self) -> serde_json::Value {
        let (did, method) = (self.to_string(), self.verification_method());
        json!({
            "@context": [DID_V1, MULTIKEY_V1],
            "id": did,
            "verificationMethod": [
                { "id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": self.0.to_string() }
            ],
            "authentication": [method],
            "assertionMethod": [method],
            "capabilityDelegation": [method],
            "capabilityInvocation": [method],
        })
    }
}

impl fmt::Display for DidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did:key:{}", self.0)
    }
}

impl FromStr for DidKey {
    type Err = DidKeyError;

    fn from_str(text: &str) -> Result<Self, DidKeyError> {
        let key = text
            .strip_prefix("did:key:")
            .ok_or_else(|| DidKeyError::NotDidKey { text: text.chars().take(80).collect() })?;
        Ok(Self(key.parse()?))
    }
}
