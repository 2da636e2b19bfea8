//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037 section 2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::ec::{Curve, EcPublicKey};
use super::rsa::RsaPublicKey;
use super::{Multikey, PublicKey};
use crate::json::{Object, Value};

/// Why a JSON Web Key is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// It holds a secret; a public key is expected.
    #[error("the JSON Web Key holds a secret; it must be a public key")]
    Secret,
    /// Its kind or curve is not known here.
    #[error("the JSON Web Key is not an Ed25519, P-256, P-384, P-521 or RSA key")]
    Unknown,
    /// A member is missing or is no base64url.
    #[error("the JSON Web Key's {0:?} is missing or not base64url")]
    Member(&'static str),
    /// Its members make no key: a point off the curve, an RSA modulus of an unacceptable size.
    #[error("the JSON Web Key's numbers make no acceptable key")]
    Numbers,
    /// It is for another algorithm than its kind of key has.
    #[error("the JSON Web Key is not for signatures with {0}")]
    Use(super::JwsAlgorithm),
}

impl PublicKey {
    /// The JSON Web Key with exactly its required members, in the order of their names (RFC 7638, section 3.2).
    pub fn to_jwk(&self) -> serde_json::Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed25519(key) => json!({ "crv": "Ed25519", "kty": "OKP", "x": text(key.as_bytes()) }),
            Self::Ec(key) => {
                let (x, y) = key.coordinates();
                json!({ "crv": key.curve().as_str(), "kty": "EC", "x": text(&x), "y": text(&y) })
            }
            Self::Rsa(key) => json!({ "e": text(&key.exponent()), "kty": "RSA", "n": text(key.modulus()) }),
        }
    }

    /// The thumbprint of the key (RFC 7638): what many call its `kid`.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.to_jwk().to_string()))
    }

    /// The key of a JSON Web Key (RFC 7517, section 4).
    ///
    /// # Errors
    /// If it holds a secret, or is no key of a known kind.
    pub fn from_jwk(jwk: &serde_json::Value) -> Result<Self, JwkError> {
        let text = jwk.to_string();
        match crate::json::parse(text.as_bytes(), &crate::Limits::default()) {
            Ok(Value::Object(jwk)) => from_object(&jwk),
            _ => Err(JwkError::Unknown),
        }
    }
}

/// The key of a JSON Web Key that was read before.
pub(crate) fn from_object(jwk: &Object<'_>) -> Result<PublicKey, JwkError> {
    if ["d", "p", "q", "k"].iter().any(|secret| jwk.get(secret).is_some()) {
        return Err(JwkError::Secret);
    }
    let bytes = |member: &'static str| {
        let decoded = jwk.str(member).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        decoded.filter(|bytes| !bytes.is_empty()).ok_or(JwkError::Member(member))
    };
    let key = match (jwk.str("kty"), jwk.str("crv")) {
        (Some("OKP"), Some("Ed25519")) => {
            let x: [u8; 32] = bytes("x")?.try_into().map_err(|_| JwkError::Numbers)?;
            PublicKey::Ed25519(Multikey::from_bytes(x))
        }
        (Some("EC"), Some(curve)) => {
            let curve = Curve::named(curve).ok_or(JwkError::Unknown)?;
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != curve.size() || y.len() != curve.size() {
                return Err(JwkError::Numbers);
            }
            let point = EcPublicKey::from_sec1(curve, &[&[4], x.as_slice(), &y].concat());
            PublicKey::Ec(point.ok_or(JwkError::Numbers)?)
        }
        (Some("RSA"), _) => PublicKey::Rsa(RsaPublicKey::new(&bytes("n")?, &bytes("e")?).ok_or(JwkError::Numbers)?),
        _ => return Err(JwkError::Unknown),
    };
    let algorithm = key.algorithm();
    let fits = jwk.str("use").is_none_or(|usage| usage == "sig")
        && jwk.str("alg").is_none_or(|name| name.parse() == Ok(algorithm));
    if fits { Ok(key) } else { Err(JwkError::Use(algorithm)) }
}
