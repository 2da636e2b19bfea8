//! The compact form and its header (RFC 7515, sections 4 and 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Limits;
use crate::json::{self, JsonError, Object, Value};
use crate::keys::{JwkError, JwsAlgorithm, PublicKey, UnknownAlgorithm, key_of_jwk};

/// Headers are small; a key of 8,192 bits is the largest thing in one.
const HEADER_BYTES: usize = 16 << 10;
/// An RSA signature of 8,192 bits.
const SIGNATURE_BYTES: usize = 1 << 10;

/// Why a token cannot be read. Nothing is known of its signature then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not three parts with points between them.
    #[error("a token has three parts with a point between each two")]
    Parts,
    /// A part that is too long.
    #[error("the token's {part} is longer than {limit} bytes")]
    TooLarge {
        /// Which part.
        part: &'static str,
        /// The limit in force.
        limit: usize,
    },
    /// A part that is no base64url without padding.
    #[error("the token's {0} is not base64url without padding")]
    Encoding(&'static str),
    /// A part that is not acceptable JSON: duplicate members count, too.
    #[error("the token's {part} cannot be read: {error}")]
    Json {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        error: JsonError,
    },
    /// A part that is no JSON object.
    #[error("the token's {0} is not a JSON object")]
    NotAnObject(&'static str),
    /// The algorithm is missing or not acceptable; `none` is not.
    #[error("the token names no acceptable algorithm: {0}")]
    Algorithm(#[from] UnknownAlgorithm),
    /// A member of the header that is missing or has the wrong form.
    #[error("the token's header member {member:?} {problem}")]
    Header {
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The key in the header is not usable.
    #[error("the key in the token's header is not usable: {0}")]
    Jwk(#[from] JwkError),
    /// A type of token that holds no credential.
    #[error("the token's type {0:?} is not one of credentials or presentations (vc+jwt, vp+jwt, JWT)")]
    Type(String),
    /// The claims say what they must not.
    #[error("the token's claim {claim:?} {problem}")]
    Claim {
        /// The claim.
        claim: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// The type of a token: the header's `typ` (RFC 7515, section 4.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// `vc+jwt`: the payload is a credential (Securing Verifiable Credentials using JOSE and COSE, section 3.1.1).
    Credential,
    /// `vp+jwt`: the payload is a presentation (section 3.1.2).
    Presentation,
    /// `JWT`, or none: Open Badges 3.0 (section 8.2.4) and VC Data Model 1.1 (section 6.3.1).
    Plain,
}

impl TokenType {
    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.strip_prefix("application/").unwrap_or(&name) {
            "vc+jwt" | "vc+ld+jwt" | "vc+ld+json+jwt" => Some(Self::Credential),
            "vp+jwt" | "vp+ld+jwt" | "vp+ld+json+jwt" => Some(Self::Presentation),
            "jwt" => Some(Self::Plain),
            _ => None,
        }
    }
}

/// A token taken apart, its form checked, its signature not.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) algorithm: JwsAlgorithm,
    pub(crate) kind: TokenType,
    pub(crate) kid: Option<String>,
    pub(crate) jwk: Option<PublicKey>,
    /// The payload as it was encoded.
    pub(crate) payload: Vec<u8>,
    signed: String,
    signature: Vec<u8>,
}

/// Whether a document looks like a compact token rather than JSON or an image, by its letters alone (RFC 7515, section 7.1).
pub fn is_token(document: &[u8]) -> bool {
    let text = document.trim_ascii();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.contains(&b'.') && text.iter().all(plain)
}

impl Token {
    /// Takes a token apart and checks its header.
    pub(crate) fn read(text: &str, limits: &Limits) -> Result<Self, JwtError> {
        let mut parts = text.trim().split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwtError::Parts);
        };
        let signed = text.trim()[..header.len() + 1 + payload.len()].to_owned();
        let header = decode("header", header, HEADER_BYTES)?;
        let payload = decode("payload", payload, limits.bytes)?;
        let signature = decode("signature", signature, SIGNATURE_BYTES)?;
        let header = object("header", &header, limits)?;
        for member in ["crit", "b64"] {
            if header.get(member).is_some() {
                return Err(JwtError::Header {
                    member,
                    problem: "demands an extension that this verifier does not have",
                });
            }
        }
        let kind = match text_of(&header, "typ")? {
            None => TokenType::Plain,
            Some(name) => TokenType::named(name).ok_or_else(|| JwtError::Type(name.chars().take(60).collect()))?,
        };
        let algorithm =
            text_of(&header, "alg")?.ok_or(JwtError::Header { member: "alg", problem: "is missing" })?.parse()?;
        let kid = text_of(&header, "kid")?.map(str::to_owned);
        let jwk = match header.get("jwk") {
            None => None,
            Some(Value::Object(jwk)) => Some(key_of_jwk(jwk)?),
            Some(_) => return Err(JwtError::Header { member: "jwk", problem: "must be an object" }),
        };
        if kid.is_some() && jwk.is_some() {
            return Err(JwtError::Header {
                member: "kid",
                problem: "must not stand beside \"jwk\": one key, named once",
            });
        }
        Ok(Self { algorithm, kind, kid, jwk, payload, signed, signature })
    }

    /// The payload as a JSON object.
    pub(crate) fn payload(&self, limits: &Limits) -> Result<Object<'_>, JwtError> {
        object("payload", &self.payload, limits)
    }

    /// Whether the token was signed with `key`, which must have the algorithm that the header names.
    pub(crate) fn verifies(&self, key: &PublicKey) -> bool {
        key.algorithm() == self.algorithm && key.verifies(self.signed.as_bytes(), &self.signature)
    }
}

fn decode(part: &'static str, text: &str, limit: usize) -> Result<Vec<u8>, JwtError> {
    if text.len() / 4 * 3 > limit {
        return Err(JwtError::TooLarge { part, limit });
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JwtError::Encoding(part))
}

fn object<'a>(part: &'static str, bytes: &'a [u8], limits: &Limits) -> Result<Object<'a>, JwtError> {
    match json::parse(bytes, limits) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(JwtError::NotAnObject(part)),
        Err(error) => Err(JwtError::Json { part, error }),
    }
}

fn text_of<'v>(header: &'v Object<'_>, member: &'static str) -> Result<Option<&'v str>, JwtError> {
    match header.get(member) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(JwtError::Header { member, problem: "must be a string that is not empty" }),
    }
}
