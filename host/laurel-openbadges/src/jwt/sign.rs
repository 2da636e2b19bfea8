//! Making tokens (Open Badges 3.0, section 8.2.4; VC JOSE COSE, section 3.1; VC Data Model 1.1, section 6.3.1).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::contexts::Contexts;
use crate::json::{self, JsonError, Object, Value};
use crate::jsonld::{self, JsonLdError};
use crate::keys::{MessageSigner, PublicKey, SignerError};
use crate::{Limits, Timestamp, jcs};

/// The ways of putting a credential into a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwtProfile {
    /// Open Badges 3.0: the credential is the payload, with all of `iss`, `jti`, `nbf` and `sub`, and `exp` if it ends.
    OpenBadges,
    /// `vc+jwt` and `vp+jwt` of Verifiable Credentials 2.0: the credential is the payload, claims beside it as far as it has them.
    JoseCose,
    /// Verifiable Credentials 1.1: the credential is the claim `vc`, a presentation `vp`.
    DataModel1,
}

/// How the token names its key: one way or the other, never both (Open Badges 3.0, section 8.2.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyReference {
    /// The key itself, as `jwk`. Verifiers learn from it whether the token was changed, not whose the key is.
    Jwk,
    /// An identifier, as `kid`: that of a verification method (`did:web:…#…`), or the URL of a JSON Web Key.
    Kid(String),
}

/// How a token is made (RFC 7515, section 5.1).
#[derive(Debug, Clone)]
pub struct JwtOptions<'c> {
    /// The form of the payload.
    pub profile: JwtProfile,
    /// How the key is named.
    pub key: KeyReference,
    /// The site a presentation is meant for (`aud`).
    pub audience: Option<String>,
    /// The challenge a presentation answers (`nonce`).
    pub nonce: Option<String>,
    /// The contexts that must define every term.
    pub contexts: &'c Contexts,
    /// Bounds on the document.
    pub limits: Limits,
}

impl JwtOptions<'_> {
    /// Options with the bundled contexts and default limits.
    pub fn new(profile: JwtProfile, key: KeyReference) -> Self {
        let (contexts, limits) = (Contexts::bundled(), Limits::default());
        Self { profile, key, audience: None, nonce: None, contexts, limits }
    }
}

/// Why a token was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignJwtError {
    /// The document is not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The document is no object.
    #[error("the document must be a JSON object")]
    NotAnObject,
    /// Not every value of the document is defined.
    #[error(transparent)]
    JsonLd(#[from] JsonLdError),
    /// A member that the claims are taken from is missing or has the wrong form.
    #[error("the token's claim {claim:?} is taken from {member:?}, which {problem}")]
    Claim {
        /// The claim.
        claim: &'static str,
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The document has a member that would be read as a claim.
    #[error("the document's member {0:?} would be taken for a claim of the token")]
    Reserved(&'static str),
    /// The key could not be used.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

/// Signs a credential as a token (Open Badges 3.0, section 8.2.4; VC JOSE COSE, section 3.1.1; VC Data Model 1.1, section 6.3.1).
///
/// Deterministic, as far as the signer is.
///
/// # Errors
/// If the document is no credential whose every value its contexts define, or lacks a member that the profile takes a claim from:
/// Open Badges demand `issuer`, `id`, `validFrom` and `credentialSubject.id`.
pub fn sign_credential(
    unsigned: &[u8],
    signer: &dyn MessageSigner,
    options: &JwtOptions<'_>,
) -> Result<String, SignJwtError> {
    let document = read(unsigned, options)?;
    let claims = credential_claims(&document, options.profile == JwtProfile::OpenBadges)?;
    let payload = match options.profile {
        JwtProfile::DataModel1 => nested("vc", document, claims),
        // What `validFrom` and `validUntil` say is not repeated: there the claims speak of the signature.
        JwtProfile::JoseCose => flat(document, claims.into_iter().filter(|(name, _)| !matches!(*name, "nbf" | "exp"))),
        JwtProfile::OpenBadges => flat(document, claims),
    };
    token(payload, "vc", signer, options)
}

/// Signs a presentation as a token, for an audience and with a nonce if the options name them (VC JOSE COSE, section 3.1.2).
///
/// # Errors
/// As for [`sign_credential`]; a presentation needs no more than to be JSON-LD.
pub fn sign_presentation(
    unsigned: &[u8],
    signer: &dyn MessageSigner,
    options: &JwtOptions<'_>,
) -> Result<String, SignJwtError> {
    let document = read(unsigned, options)?;
    let mut claims = Vec::new();
    let holder = party(&document, "holder");
    for (name, value) in [
        ("iss", holder),
        ("jti", document.str("id").map(str::to_owned)),
        ("aud", options.audience.clone()),
        ("nonce", options.nonce.clone()),
    ] {
        claims.extend(value.map(|value| (name, text(value))));
    }
    let payload = match options.profile {
        JwtProfile::DataModel1 => nested("vp", document, claims),
        JwtProfile::OpenBadges | JwtProfile::JoseCose => flat(document, claims),
    };
    token(payload, "vp", signer, options)
}

type Claim<'a> = (&'static str, Value<'a>);

fn text<'a>(value: String) -> Value<'a> {
    Value::String(Cow::Owned(value))
}

fn read<'a>(unsigned: &'a [u8], options: &JwtOptions<'_>) -> Result<Object<'a>, SignJwtError> {
    let value = json::parse(unsigned, &options.limits)?;
    let is_object = matches!(value, Value::Object(_));
    if is_object {
        // A verifier of a token need not know JSON-LD; an issuer must not rely on that.
        jsonld::to_dataset(&value, options.contexts, &options.limits)?;
    }
    let Value::Object(document) = value else { return Err(SignJwtError::NotAnObject) };
    for reserved in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf", "vc", "vp"] {
        if document.get(reserved).is_some() {
            return Err(SignJwtError::Reserved(reserved));
        }
    }
    Ok(document)
}

/// The identifier of an issuer or holder, given alone or in an object.
fn party(document: &Object<'_>, member: &str) -> Option<String> {
    let value = document.get(member)?;
    value.as_str().or_else(|| value.as_object().and_then(|object| object.str("id"))).map(str::to_owned)
}

fn credential_claims<'a>(document: &Object<'_>, strict: bool) -> Result<Vec<Claim<'a>>, SignJwtError> {
    let missing = |claim, member| SignJwtError::Claim { claim, member, problem: "is missing" };
    let subject = document.get("credentialSubject").and_then(Value::as_object).and_then(|subject| subject.str("id"));
    let texts = [
        ("iss", "issuer", party(document, "issuer")),
        ("jti", "id", document.str("id").map(str::to_owned)),
        ("sub", "credentialSubject.id", subject.map(str::to_owned)),
    ];
    let mut claims = Vec::new();
    for (claim, member, value) in texts {
        match value {
            Some(value) => claims.push((claim, text(value))),
            None if strict || claim == "iss" => return Err(missing(claim, member)),
            None => {}
        }
    }
    let from = date(document, "nbf", ["validFrom", "issuanceDate"])?;
    if strict && from.is_none() {
        return Err(missing("nbf", "validFrom"));
    }
    let until = date(document, "exp", ["validUntil", "expirationDate"])?;
    claims.extend(from.map(|from| ("nbf", seconds(from))));
    claims.extend(until.map(|until| ("exp", seconds(until))));
    Ok(claims)
}

fn date(
    document: &Object<'_>,
    claim: &'static str,
    members: [&'static str; 2],
) -> Result<Option<Timestamp>, SignJwtError> {
    let Some(member) = members.into_iter().find(|member| document.get(member).is_some()) else { return Ok(None) };
    let problem = SignJwtError::Claim { claim, member, problem: "is no date and time with an offset" };
    document.str(member).and_then(|text| text.parse().ok()).map(Some).ok_or(problem)
}

/// Whole seconds, as RFC 7519 has dates. A fraction is cut: the document's own date stays exact.
fn seconds<'a>(time: Timestamp) -> Value<'a> {
    #[allow(clippy::cast_precision_loss, reason = "seconds of any calendar date are far below 2^53")]
    Value::Number(time.unix_millis().div_euclid(1000) as f64)
}

fn flat<'a>(mut document: Object<'a>, claims: impl IntoIterator<Item = Claim<'a>>) -> Object<'a> {
    document.members.extend(claims.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)));
    document
}

fn nested<'a>(claim: &'static str, document: Object<'a>, claims: Vec<Claim<'a>>) -> Object<'a> {
    let mut payload = Object::default();
    payload.set(claim, Value::Object(document));
    flat(payload, claims)
}

fn token(
    payload: Object<'_>,
    kind: &str,
    signer: &dyn MessageSigner,
    options: &JwtOptions<'_>,
) -> Result<String, SignJwtError> {
    let header = header(&signer.public_key(), kind, options);
    let mut body = String::new();
    jcs::push_in_order(&mut body, &Value::Object(payload));
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(body, &mut token);
    let signature = signer.sign_message(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn header(key: &PublicKey, kind: &str, options: &JwtOptions<'_>) -> String {
    let mut header = serde_json::Map::new();
    header.insert("alg".into(), key.algorithm().as_str().into());
    if options.profile == JwtProfile::JoseCose {
        header.insert("typ".into(), format!("{kind}+jwt").into());
        header.insert("cty".into(), kind.into());
    } else {
        header.insert("typ".into(), "JWT".into());
    }
    match &options.key {
        KeyReference::Jwk => header.insert("jwk".into(), key.to_jwk()),
        KeyReference::Kid(kid) => header.insert("kid".into(), kid.as_str().into()),
    };
    serde_json::Value::Object(header).to_string()
}
