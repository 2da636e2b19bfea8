//! Questions about secrets, by their name in the manifest. The answer is yes or no, never the secret. A secret may have
//! several values at once (rotation): any of them answers.

pub use crate::bindings::keys::{Digest, KeyError};

#[cfg(target_arch = "wasm32")]
use crate::bindings::keys as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing as host;

/// Whether `mac` (raw bytes) is the HMAC of `message`.
pub fn verify_hmac(secret: &str, digest: Digest, message: &[u8], mac: &[u8]) -> Result<bool, KeyError> {
    host::verify_hmac(secret, digest, message, mac)
}

/// Whether `signature` (64 bytes) is the Ed25519 signature of `message`. The secret holds the public key.
pub fn verify_ed25519(secret: &str, message: &[u8], signature: &[u8]) -> Result<bool, KeyError> {
    host::verify_ed25519(secret, message, signature)
}

/// The payload of a compact JWS (RS256, ES256 or `EdDSA`) signed by a key of the set, or `None`. The secret holds a JWK set
/// or its https address.
pub fn verify_jws(secret: &str, token: &str) -> Result<Option<Vec<u8>>, KeyError> {
    host::verify_jws(secret, token)
}

/// Whether a token sent in plain is the secret.
pub fn matches(secret: &str, candidate: &str) -> Result<bool, KeyError> {
    host::matches(secret, candidate)
}
