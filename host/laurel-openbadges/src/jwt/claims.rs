//! Registered claims and the document they stand beside (RFC 7519, section 4.1; Open Badges 3.0, section 8.2.4; VC Data Model 1.1,
//! section 6.3.1).

use std::borrow::Cow;

use super::compact::{JwtError, TokenType};
use crate::Timestamp;
use crate::json::{Object, Value};

/// The registered claims of a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Claims {
    pub(crate) issuer: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) audience: Vec<String>,
    pub(crate) nonce: Option<String>,
}

/// What is a claim and no member of the document.
const REGISTERED: [&str; 9] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"];

impl Claims {
    /// Reads the claims. `iat` says nothing a verifier needs, and is found as a date: it is not read.
    pub(crate) fn read(payload: &Object<'_>) -> Result<Self, JwtError> {
        let text = |claim: &'static str| match payload.get(claim) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone().into_owned())),
            Some(_) => Err(JwtError::Claim { claim, problem: "must be a string" }),
        };
        let audience = match payload.get("aud") {
            None => Some(Vec::new()),
            Some(value) => value.as_slice().iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        };
        Ok(Self {
            issuer: text("iss")?,
            subject: text("sub")?,
            id: text("jti")?,
            not_before: numeric_date(payload, "nbf")?,
            expires: numeric_date(payload, "exp")?,
            audience: audience.ok_or(JwtError::Claim { claim: "aud", problem: "must be strings" })?,
            nonce: text("nonce")?,
        })
    }

    /// What the claims say that a credential denies.
    pub(crate) fn contradictions(&self, credential: &Object<'_>) -> Vec<&'static str> {
        let issuer = credential.get("issuer").or_else(|| credential.get("holder"));
        let issuer = issuer.and_then(|value| value.as_str().or_else(|| value.as_object().and_then(|o| o.str("id"))));
        let subject = credential.get("credentialSubject").and_then(Value::as_object);
        let pairs = [
            (&self.issuer, issuer, "its claim \"iss\" names another issuer than the credential"),
            (&self.id, credential.str("id"), "its claim \"jti\" is another identifier than the credential's"),
            (
                &self.subject,
                subject.and_then(|subject| subject.str("id")),
                "its claim \"sub\" names another subject than the credential",
            ),
        ];
        let differs = |claim: &Option<String>, said: Option<&str>| match (claim, said) {
            (Some(claim), Some(said)) => claim != said,
            _ => false,
        };
        pairs.iter().filter(|(claim, said, _)| differs(claim, *said)).map(|(.., problem)| *problem).collect()
    }
}

/// Seconds since the epoch, perhaps with a fraction.
fn numeric_date(payload: &Object<'_>, claim: &'static str) -> Result<Option<Timestamp>, JwtError> {
    match payload.get(claim) {
        None => Ok(None),
        #[allow(clippy::cast_possible_truncation, reason = "the range is checked, and milliseconds are enough")]
        Some(Value::Number(seconds)) if (-1e11..1e11).contains(seconds) => {
            Ok(Some(Timestamp::from_unix_millis((seconds * 1000.0) as i64)))
        }
        Some(_) => Err(JwtError::Claim { claim, problem: "must be a number of seconds since 1970" }),
    }
}

/// The credential or presentation in a payload.
///
/// `vc+jwt` and Open Badges have it as the payload itself, beside the claims; the data model 1.1 has it in a claim `vc` or `vp` of its
/// own, where the registered claims may stand for members left out.
pub(crate) fn content(payload: Object<'_>, kind: TokenType) -> Result<Object<'_>, JwtError> {
    let nested = ["vc", "vp"].into_iter().find(|claim| payload.get(claim).is_some());
    match (kind, nested) {
        (TokenType::Credential | TokenType::Presentation, Some(claim)) => {
            Err(JwtError::Claim { claim, problem: "must not be in a token of type vc+jwt or vp+jwt" })
        }
        (_, None) => Ok(Object {
            members: payload.members.into_iter().filter(|(name, _)| !REGISTERED.contains(&name.as_ref())).collect(),
        }),
        (TokenType::Plain, Some(claim)) => {
            let beside = ["vc", "vp", "@context"].into_iter().filter(|member| payload.get(member).is_some()).count();
            if beside > 1 {
                return Err(JwtError::Claim { claim, problem: "stands beside another credential" });
            }
            let Some(Value::Object(document)) = payload.get(claim) else {
                return Err(JwtError::Claim { claim, problem: "must be an object" });
            };
            completed(document.clone(), &payload, claim)
        }
    }
}

/// A nested document with the members that claims stand for.
fn completed<'a>(mut document: Object<'a>, payload: &Object<'a>, claim: &str) -> Result<Object<'a>, JwtError> {
    let claims = Claims::read(payload)?;
    let text = |value: String| Value::String(Cow::Owned(value));
    let issuer = if claim == "vp" { "holder" } else { "issuer" };
    for (member, value) in [(issuer, claims.issuer), ("id", claims.id)] {
        if let Some(value) = value.filter(|_| document.get(member).is_none()) {
            document.set(member, text(value));
        }
    }
    if claim == "vp" {
        return Ok(document);
    }
    let dated = ["validFrom", "issuanceDate"].iter().any(|member| document.get(member).is_some());
    if let Some(from) = claims.not_before.filter(|_| !dated) {
        document.set("issuanceDate", text(from.to_string()));
    }
    let bounded = ["validUntil", "expirationDate"].iter().any(|member| document.get(member).is_some());
    if let Some(until) = claims.expires.filter(|_| !bounded) {
        document.set("expirationDate", text(until.to_string()));
    }
    if let Some(subject) = claims.subject {
        for (name, value) in &mut document.members {
            if let (Value::Object(about), "credentialSubject") = (value, name.as_ref())
                && about.get("id").is_none()
            {
                about.set("id", text(subject.clone()));
            }
        }
    }
    Ok(document)
}
