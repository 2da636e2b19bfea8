//! Algorithms of JSON Web Signatures (RFC 7518, section 3; RFC 8037).

use std::fmt;
use std::str::FromStr;

/// The algorithms tokens are signed with (RFC 7518, section 3.1; RFC 8037, section 3.1). `none` and the symmetric ones do not exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwsAlgorithm {
    /// Ed25519 (RFC 8037, section 3.1).
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every Open Badges verifier must accept.
    Rs256,
}

impl JwsAlgorithm {
    /// The name in the header's `alg` (RFC 7515, section 4.1.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
        }
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no algorithm tokens may be signed with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an algorithm this crate accepts (EdDSA, ES256, ES384, ES512, RS256)")]
pub struct UnknownAlgorithm(String);

impl FromStr for JwsAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Ok(match text {
            // RFC 9864 names the curve; the signatures are the same.
            "EdDSA" | "Ed25519" => Self::EdDsa,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "ES512" => Self::Es512,
            "RS256" => Self::Rs256,
            other => return Err(UnknownAlgorithm(other.chars().take(40).collect())),
        })
    }
}
