//! Tokens: their signature, their claims, and whose key it is (Open Badges 3.0, section 8.2.4; VC JOSE COSE, section 4).

use super::keys::{self, KeyProblem, ResolvedKey, Source};
use super::material::{Need, NeedKind};
use super::party::{self, Role};
use super::report::{CheckId, Outcome, Report};
use crate::Timestamp;
use crate::json::{Object, Value};
use crate::jwt::{Claims, JwtError, Token, TokenType, content};
use crate::work::price_of;

/// A token with its document, read and not yet believed.
pub(super) struct Opened<'t> {
    pub(super) token: &'t Token,
    pub(super) claims: Claims,
    pub(super) document: Object<'t>,
    pub(super) role: Role,
}

impl<'t> Opened<'t> {
    /// Reads claims and document of a token, which must be one of credentials or one of presentations.
    pub(super) fn read(token: &'t Token, role: Role, limits: &crate::Limits) -> Result<Self, JwtError> {
        let wrong = match role {
            Role::Issuer => TokenType::Presentation,
            Role::Holder => TokenType::Credential,
        };
        if token.kind == wrong {
            return Err(JwtError::Header { member: "typ", problem: "is not that of what is expected here" });
        }
        let payload = token.payload(limits)?;
        let claims = Claims::read(&payload)?;
        let document = content(payload, token.kind)?;
        Ok(Self { token, claims, document, role })
    }

    /// Who is named as the signer: in the document, or by the claim `iss`.
    pub(super) fn named(&self) -> Option<&str> {
        let member = if self.role == Role::Issuer { "issuer" } else { "holder" };
        let value = self.document.get(member);
        let named = value.and_then(|value| value.as_str().or_else(|| value.as_object().and_then(|o| o.str("id"))));
        named.or(self.claims.issuer.as_deref())
    }

    /// The document whose keys decide.
    pub(super) fn needs(&self, wanted: &mut Vec<Need>) {
        let place = match self.token.kid.as_deref() {
            Some(kid) if is_absolute(kid) => Some(kid),
            _ => self.named(),
        };
        if let Some(Ok(Some(url))) = place.map(keys::document_url) {
            wanted.push(Need { url, kind: NeedKind::Keys });
        }
    }

    /// Checks the claims' dates: a token outside them is not to be accepted, whatever its document says.
    pub(super) fn dates(&self, now: Timestamp) -> Option<String> {
        match (self.claims.not_before, self.claims.expires) {
            (Some(from), _) if now < from => Some(format!("The token is not valid before {from}.")),
            (_, Some(until)) if now >= until => Some(format!("The token expired at {until}.")),
            _ => None,
        }
    }

    /// Checks the signature and whose key made it.
    pub(super) fn signature(&self, source: Source<'_>, report: &mut Report) {
        match self.signed_with(source) {
            Ok(Ok(resolved)) => {
                let algorithm = self.token.algorithm;
                let message = format!("Its signature ({algorithm}) holds: nothing was changed since it was signed.");
                report.add(CheckId::Proof, Outcome::Pass, message);
                self.party(&resolved, report);
            }
            Ok(Err(refusal)) => report.add(CheckId::Proof, Outcome::Fail, refusal),
            Err(KeyProblem::Wrong(problem)) => {
                report.add(CheckId::Proof, Outcome::Fail, format!("Its signature has no usable key: {problem}."));
            }
            Err(unknown) => {
                report.add(
                    CheckId::Proof,
                    Outcome::NotChecked,
                    format!("Its signature could not be checked: {unknown}."),
                );
            }
        }
    }

    /// The key that made the signature, or why it was none of those it may have been.
    fn signed_with(&self, source: Source<'_>) -> Result<Result<ResolvedKey, String>, KeyProblem> {
        let keys = self.keys(source)?;
        for resolved in &keys {
            source.work.spend(price_of(resolved.key.algorithm()))?;
            if self.token.verifies(&resolved.key) {
                return Ok(Ok(resolved.clone()));
            }
        }
        Ok(Err(self.refusal(&keys)))
    }

    fn refusal(&self, keys: &[ResolvedKey]) -> String {
        let algorithm = self.token.algorithm;
        match keys {
            [] => "Its signature has no usable key: its issuer's document lists none.".to_owned(),
            [only] if only.key.algorithm() != algorithm => {
                let right = only.key.algorithm();
                format!("Its signature does not hold: it says {algorithm}, and the key is one for {right}.")
            }
            _ => "Its signature does not fit: the token was changed, or another key signed it.".to_owned(),
        }
    }

    fn party(&self, resolved: &ResolvedKey, report: &mut Report) {
        let id = if self.role == Role::Issuer { CheckId::Issuer } else { CheckId::Holder };
        match self.named() {
            Some(named) => {
                let (outcome, message) = party::check(self.role, named, resolved);
                report.add(id, outcome, message);
            }
            None if self.role == Role::Holder => {
                report.add(id, Outcome::Pass, format!("It was presented by {}.", keys::shown(&resolved.controller)));
            }
            None => report.add(id, Outcome::Fail, "It names no issuer."),
        }
    }

    /// The keys the token may have been signed with.
    fn keys(&self, source: Source<'_>) -> Result<Vec<ResolvedKey>, KeyProblem> {
        match (self.token.kid.as_deref(), &self.token.jwk) {
            (Some(kid), _) if is_absolute(kid) => Ok(vec![keys::resolve(kid, source)?]),
            (Some(kid), _) => {
                let issuer = self.named_or_wrong()?;
                if keys::of_identifier(issuer, source.work.limits).is_some() {
                    return Ok(vec![keys::resolve(issuer, source)?]);
                }
                let method = format!("{issuer}#{}", kid.trim_start_matches('#'));
                Ok(vec![keys::resolve(&method, source)?])
            }
            (None, Some(key)) => {
                let Some(issuer) = self.named() else { return Ok(vec![ResolvedKey::of(key.clone(), key.did_key())]) };
                Ok(vec![self.embedded(key, issuer, source)])
            }
            (None, None) => {
                let issuer = self.named_or_wrong()?;
                let keys = keys::all_of(issuer, source)?;
                let fitting = keys.into_iter().filter(|key| key.algorithm() == self.token.algorithm);
                Ok(fitting.map(|key| ResolvedKey::of(key, issuer)).collect())
            }
        }
    }

    fn named_or_wrong(&self) -> Result<&str, KeyProblem> {
        self.named().ok_or_else(|| KeyProblem::Wrong("the token names neither its key nor its issuer".to_owned()))
    }

    /// A key that came in the token: its issuer must list it, or else it is nobody's.
    fn embedded(&self, key: &crate::keys::PublicKey, issuer: &str, source: Source<'_>) -> ResolvedKey {
        match keys::all_of(issuer, source) {
            Ok(listed) if listed.contains(key) => ResolvedKey::of(key.clone(), issuer),
            // Whoever made the token made the key: it stands for itself alone.
            Ok(_) | Err(KeyProblem::Wrong(_)) => ResolvedKey::of(key.clone(), key.did_key()),
            Err(unknown) => {
                ResolvedKey { unconfirmed: Some(unknown.to_string()), ..ResolvedKey::of(key.clone(), issuer) }
            }
        }
    }
}

fn is_absolute(kid: &str) -> bool {
    kid.starts_with("did:") || kid.starts_with("https://")
}

/// The token in an `EnvelopedVerifiableCredential` or `EnvelopedVerifiablePresentation` (VC Data Model 2.0, sections 4.12.1 and 4.12.2).
///
/// `None` if the object is no envelope.
pub(super) fn enveloped<'v>(object: &'v Object<'_>, class: &str) -> Option<Result<&'v str, EnvelopeProblem>> {
    if !object.get("type").is_some_and(|types| types.names(class)) {
        return None;
    }
    let base = crate::contexts::CREDENTIALS_V2;
    if !object.get("@context").is_some_and(|context| context.as_slice().iter().any(|url| url.as_str() == Some(base))) {
        return Some(Err(EnvelopeProblem::Wrong("its @context must include https://www.w3.org/ns/credentials/v2")));
    }
    let id = object.get("id").and_then(Value::as_str).and_then(|id| id.strip_prefix("data:"));
    let Some((kind, token)) = id.and_then(|id| id.split_once(',')) else {
        return Some(Err(EnvelopeProblem::Wrong("its id must be a data: URL")));
    };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let types = [
        "application/vc+jwt",
        "application/vp+jwt",
        "application/jwt",
        "application/vc+ld+jwt",
        "application/vc-ld+jwt",
        "application/vp-ld+jwt",
    ];
    Some(if types.contains(&kind.as_str()) {
        Ok(token)
    } else if kind.ends_with("+sd-jwt") || kind.ends_with("+cose") {
        Err(EnvelopeProblem::Unknown)
    } else {
        Err(EnvelopeProblem::Wrong(
            "its media type is not that of a signed token (application/vc+jwt, application/vp+jwt)",
        ))
    })
}

/// Why there is no token in an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EnvelopeProblem {
    /// It is not as envelopes must be.
    Wrong(&'static str),
    /// What it holds is secured in a way that is in use, and not known here: SD-JWT, COSE.
    Unknown,
}

impl EnvelopeProblem {
    /// The answer to whether it can be read.
    pub(super) fn answer(self) -> (Outcome, String) {
        match self {
            Self::Wrong(problem) => (Outcome::Fail, format!("Its envelope cannot be opened: {problem}.")),
            Self::Unknown => {
                let message = "Its envelope is secured in a way that this verifier does not know (SD-JWT or COSE).";
                (Outcome::NotChecked, message.to_owned())
            }
        }
    }
}
