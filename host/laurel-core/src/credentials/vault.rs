//! Ports: sealing at rest, and signing.

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::Key;
use crate::error::Error;
use crate::organisations::{Algorithm, Suite};
use crate::time::Timestamp;

/// What cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot be unsealed: another master key, or the bytes were changed")]
pub struct VaultError;

/// Seals secrets and keys with the master key. `context` binds a sealed value to its place, so that it cannot be moved.
pub trait Vault: Send + Sync {
    /// Seals.
    fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8>;
    /// Opens.
    fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError>;
}

/// One document to sign.
#[derive(Clone, Copy, Debug)]
pub struct SigningJob<'a> {
    /// The unsigned document, JSON.
    pub document: &'a [u8],
    /// How.
    pub suite: Suite,
    /// `did:…#…`: what the proof names, and a token as `kid` (one of a `did:key` carries its key as `jwk`).
    pub verification_method: &'a str,
    /// The proof's `created`. A token has none.
    pub created: Timestamp,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key cannot be used.
    #[error("key {0} cannot be used: {1}")]
    Key(crate::id::KeyId, String),
    /// The document cannot be signed.
    #[error("the document cannot be signed: {0}")]
    Document(String),
    /// The signer does not answer.
    #[error("the signer does not answer: {0}")]
    Unavailable(String),
}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        match error {
            SignError::Unavailable(_) => Self::Unavailable(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Port: who signs. The same job always gives the same bytes.
#[async_trait]
pub trait Signer: Send + Sync {
    /// Signs documents with one key; one answer for each, in order.
    async fn sign(&self, key: &Key, jobs: &[SigningJob<'_>]) -> Result<Vec<Result<Vec<u8>, SignError>>, SignError>;
    /// A fresh key: Multikey of the public half, and the secret half sealed as [`Key::sealed`].
    async fn generate(&self, id: crate::id::KeyId, algorithm: Algorithm) -> Result<(String, Vec<u8>), SignError>;
}
