//! From a verification method to a key (Controlled Identifiers 1.0, section 3.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::key_document::Lookup;
use super::material::Material;
use crate::json::{self, Value};
use crate::keys::{DidWeb, PublicKey, key_of_jwk};
use crate::work::Work;
use crate::{Exhausted, Limits, Timestamp};

/// A key, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvedKey {
    pub(super) key: PublicKey,
    /// The identifier the key belongs to.
    pub(super) controller: String,
    /// Why the key could not be tied to its controller: the key stands in the method's fragment or in the token, and
    /// the controller's document was not there to confirm it.
    pub(super) unconfirmed: Option<String>,
    /// Whether the controller is merely the place of a JSON Web Key, which says nothing about whose it is.
    pub(super) bare: bool,
}

impl ResolvedKey {
    pub(super) fn of(key: PublicKey, controller: impl Into<String>) -> Self {
        Self { key, controller: controller.into(), unconfirmed: None, bare: false }
    }
}

/// Why there is no key. All but the first leave the question open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyProblem {
    /// The method or its document is wrong.
    #[error("{0}")]
    Wrong(String),
    /// The document at this URL has not been fetched, or could not be.
    #[error("the key document at {url} {}", Self::why(.reason.as_deref()))]
    Missing { url: String, reason: Option<String> },
    /// There was no work left to look at its document.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

impl KeyProblem {
    /// The end of a sentence that begins with the place: "was not looked up", "could not be had: …".
    pub(super) fn why(reason: Option<&str>) -> String {
        reason.map_or_else(|| "was not looked up".to_owned(), |reason| format!("could not be had: {reason}"))
    }
}

/// What keys are asked for, and of what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'m> {
    /// The purpose the key must be listed for: `assertionMethod` or `authentication`.
    pub(super) purpose: &'m str,
    pub(super) material: &'m Material,
    pub(super) work: &'m Work<'m>,
    pub(super) now: Timestamp,
}

/// Where the document that lists a method's key is; `None` for methods that need none.
pub(super) fn document_url(method: &str) -> Result<Option<String>, KeyProblem> {
    let base = method.split('#').next().unwrap_or(method);
    if base.starts_with("did:key:") || base.starts_with("did:jwk:") {
        return Ok(None);
    }
    if base.starts_with("did:web:") {
        let did: DidWeb = base.parse().map_err(|error| KeyProblem::Wrong(format!("{error}")))?;
        return Ok(Some(did.document_url()));
    }
    if base.starts_with("https://") {
        return Ok(Some(base.to_owned()));
    }
    let shown: String = method.chars().take(120).collect();
    Err(KeyProblem::Wrong(format!(
        "the verification method {shown:?} is neither did:key, did:jwk, did:web nor an https URL"
    )))
}

/// The key that an identifier itself is: a `did:key` or a `did:jwk`.
pub(super) fn of_identifier(base: &str, limits: &Limits) -> Option<Result<PublicKey, KeyProblem>> {
    if let Some(key) = base.strip_prefix("did:key:") {
        return Some(key.parse().map_err(|error| KeyProblem::Wrong(format!("{error}"))));
    }
    let encoded = base.strip_prefix("did:jwk:")?;
    let wrong = || KeyProblem::Wrong("the did:jwk holds no JSON Web Key".to_owned());
    let key = || {
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| wrong())?;
        let value = json::parse(&bytes, limits).map_err(|_| wrong())?;
        let jwk = value.as_object().ok_or_else(wrong)?;
        key_of_jwk(jwk).map_err(|error| KeyProblem::Wrong(format!("the did:jwk is not usable: {error}")))
    };
    Some(key())
}

/// The key of a verification method.
pub(super) fn resolve(method: &str, source: Source<'_>) -> Result<ResolvedKey, KeyProblem> {
    let (base, fragment) = method.split_once('#').unwrap_or((method, ""));
    if let Some(key) = of_identifier(base, source.work.limits) {
        let key = key?;
        // A did:key repeats its key, a did:jwk calls it "0".
        let name = if base.starts_with("did:key:") { key.to_string() } else { "0".to_owned() };
        if !fragment.is_empty() && fragment != name {
            return Err(KeyProblem::Wrong(format!("the fragment of {} must be {name}", shown(base))));
        }
        return Ok(ResolvedKey::of(key, base));
    }
    let url = document_url(method)?.unwrap_or_else(|| base.to_owned());
    let missing = match source.material.get(&url) {
        Some(Ok(bytes)) => return Lookup::new(method, source).in_document(bytes),
        Some(Err(reason)) => Some(reason.to_owned()),
        None => None,
    };
    match fragment.parse::<PublicKey>() {
        Ok(key) if base.starts_with("https://") => Ok(ResolvedKey {
            unconfirmed: Some(format!("{url} {}", KeyProblem::why(missing.as_deref()))),
            ..ResolvedKey::of(key, base)
        }),
        _ => Err(KeyProblem::Missing { url, reason: missing }),
    }
}

/// All keys that the document of `identifier` lists for the purpose; those of a `did:key` or `did:jwk` are itself.
pub(super) fn all_of(identifier: &str, source: Source<'_>) -> Result<Vec<PublicKey>, KeyProblem> {
    if let Some(key) = of_identifier(identifier, source.work.limits) {
        return Ok(vec![key?]);
    }
    let url = document_url(identifier)?.unwrap_or_default();
    match source.material.get(&url) {
        Some(Ok(bytes)) => Lookup::new(identifier, source).all(bytes),
        Some(Err(reason)) => Err(KeyProblem::Missing { url, reason: Some(reason.to_owned()) }),
        None => Err(KeyProblem::Missing { url, reason: None }),
    }
}

pub(super) fn shown(text: &str) -> String {
    text.chars().take(120).collect()
}

/// The first elements of a list, or of a value that stands for one.
pub(super) fn listed<'v, 'a>(value: Option<&'v Value<'a>>) -> &'v [Value<'a>] {
    value.map_or(&[], Value::as_slice)
}
