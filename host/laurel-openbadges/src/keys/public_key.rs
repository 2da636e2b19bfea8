//! Public keys of every kind that credentials are verified with.

use std::fmt;
use std::str::FromStr;

use super::algorithm::JwsAlgorithm;
use super::ec::EcPublicKey;
use super::rsa::RsaPublicKey;
use super::{Multikey, MultikeyError};
use crate::multibase;

/// A public key: Ed25519 for Data Integrity proofs, or any of the kinds JSON Web Signatures use
/// (Controlled Identifiers 1.0, sections 2.2.2 and 2.2.3).
///
/// Written as a Multikey (`z6Mk…` Ed25519, `zDn…` P-256, `z82…` P-384, `z2J9…` P-521, `z4MX…` RSA) and as a
/// JSON Web Key, see [`PublicKey::to_jwk`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519 (RFC 8032).
    Ed25519(Multikey),
    /// An elliptic curve of NIST: P-256, P-384 or P-521 (FIPS 186-5).
    Ec(EcPublicKey),
    /// RSA with 2,048 to 8,192 bits (RFC 8017).
    Rsa(RsaPublicKey),
}

/// Multicodec prefixes of public keys, as varints.
pub(super) const P256_PUBLIC: [u8; 2] = [0x80, 0x24];
pub(super) const P384_PUBLIC: [u8; 2] = [0x81, 0x24];
pub(super) const P521_PUBLIC: [u8; 2] = [0x82, 0x24];
const RSA_PUBLIC: [u8; 2] = [0x85, 0x24];

impl PublicKey {
    /// The one algorithm this key verifies with (RFC 7515, section 4.1.1). A token's header never chooses: it must say the same.
    pub fn algorithm(&self) -> JwsAlgorithm {
        match self {
            Self::Ed25519(_) => JwsAlgorithm::EdDsa,
            Self::Ec(key) => key.curve().algorithm(),
            Self::Rsa(_) => JwsAlgorithm::Rs256,
        }
    }

    /// Whether `signature` is this key's signature of `message`, in the form JWS gives it (RFC 7518, section 3).
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => signature.try_into().is_ok_and(|signature| key.verifies(message, signature)),
            Self::Ec(key) => key.verifies(message, signature),
            Self::Rsa(key) => key.verifies(message, signature),
        }
    }

    /// The `did:key` of this key.
    pub fn did_key(&self) -> String {
        format!("did:key:{self}")
    }

    /// The key for Data Integrity proofs, if it is one.
    pub fn as_ed25519(&self) -> Option<&Multikey> {
        if let Self::Ed25519(key) = self { Some(key) } else { None }
    }
}

impl From<Multikey> for PublicKey {
    fn from(key: Multikey) -> Self {
        Self::Ed25519(key)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = match self {
            Self::Ed25519(key) => return key.fmt(f),
            Self::Ec(key) => [key.curve().multicodec().as_slice(), &key.to_compressed()].concat(),
            Self::Rsa(key) => [RSA_PUBLIC.as_slice(), &key.to_der()].concat(),
        };
        f.write_str(&multibase::base58(&bytes))
    }
}

impl FromStr for PublicKey {
    type Err = MultikeyError;

    fn from_str(text: &str) -> Result<Self, MultikeyError> {
        let shown = || text.chars().take(80).collect();
        let bytes = multibase::decode(text).map_err(|error| MultikeyError::Multibase { text: shown(), error })?;
        let key = match bytes.split_first_chunk::<2>() {
            Some((&RSA_PUBLIC, der)) => RsaPublicKey::from_der(der).map(Self::Rsa),
            Some((&(P256_PUBLIC | P384_PUBLIC | P521_PUBLIC), point)) => {
                EcPublicKey::from_compressed(&bytes[..2], point).map(Self::Ec)
            }
            _ => return Multikey::of_decoded(&bytes, text).map(Self::Ed25519),
        };
        key.ok_or_else(|| MultikeyError::NotAKey { text: shown() })
    }
}
