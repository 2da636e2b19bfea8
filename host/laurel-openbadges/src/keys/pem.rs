//! Public keys in PEM (RFC 7468), as issuers of Open Badges 2.0 publish them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::ec::{Curve, EcPublicKey};
use super::{Multikey, PublicKey, RsaPublicKey};

/// A key of 8,192 bits has some 1,500 characters.
const MOST: usize = 8 << 10;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CURVES: [(ObjectIdentifier, Curve); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
];

/// Why a text holds no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// Not between the lines that begin and end a public key.
    #[error("it is not in PEM as a public key (BEGIN PUBLIC KEY or BEGIN RSA PUBLIC KEY)")]
    Label,
    /// What is between them is not base64, or too long.
    #[error("what stands between its first and its last line is not base64 of a key")]
    Encoding,
    /// The structure in it is no public key.
    #[error("it holds no public key that can be read")]
    Structure,
    /// A kind of key, or a size, that is not taken.
    #[error("keys taken are RSA from 2,048 bits on, P-256, P-384, P-521 and Ed25519; this is another")]
    Kind,
}

impl PublicKey {
    /// The key of a PEM text: `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7), or of RSA also `RSAPublicKey` (RFC 8017, appendix
    /// A.1.1).
    ///
    /// # Errors
    /// If the text is no such key, or one that is too weak to be taken.
    pub fn from_pem(text: &str) -> Result<Self, PemError> {
        if let Some(der) = between("RSA PUBLIC KEY", text)? {
            return RsaPublicKey::from_der(&der).map(Self::Rsa).ok_or(PemError::Kind);
        }
        let der = between("PUBLIC KEY", text)?.ok_or(PemError::Label)?;
        let info = SubjectPublicKeyInfoRef::try_from(der.as_slice()).map_err(|_| PemError::Structure)?;
        let key = info.subject_public_key.as_bytes().ok_or(PemError::Structure)?;
        let found = match info.algorithm.oid {
            RSA => RsaPublicKey::from_der(key).map(Self::Rsa),
            ED25519 => key.try_into().ok().map(|key| Self::Ed25519(Multikey::from_bytes(key))),
            ELLIPTIC => {
                let named = info.algorithm.parameters_oid().ok();
                let curve = CURVES.iter().find(|(oid, _)| Some(*oid) == named);
                curve.and_then(|(_, curve)| EcPublicKey::from_sec1(*curve, key)).map(Self::Ec)
            }
            _ => None,
        };
        found.ok_or(PemError::Kind)
    }
}

/// The bytes between the lines with this label; none without such lines.
fn between(label: &str, text: &str) -> Result<Option<Vec<u8>>, PemError> {
    let text = text.trim();
    let inner = text.strip_prefix(&format!("-----BEGIN {label}-----"));
    let Some(inner) = inner.and_then(|rest| rest.strip_suffix(&format!("-----END {label}-----"))) else {
        return Ok(None);
    };
    if inner.len() > MOST {
        return Err(PemError::Encoding);
    }
    let letters: String = inner.split_ascii_whitespace().collect();
    STANDARD.decode(letters).map(Some).map_err(|_| PemError::Encoding)
}
