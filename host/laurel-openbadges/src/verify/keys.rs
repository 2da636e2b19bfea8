//! From a verification method to a key (Controlled Identifiers 1.0, section 3.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::material::Material;
use crate::json::{self, Object, Value};
use crate::keys::{DidKey, DidWeb, Multikey};
use crate::{Limits, Timestamp};

/// A key, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvedKey {
    pub(super) key: Multikey,
    /// The identifier the key belongs to.
    pub(super) controller: String,
    /// Why the key could not be tied to its controller: the key stands in the method's fragment, and
    /// the controller's document was not there to confirm it.
    pub(super) unconfirmed: Option<String>,
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyProblem {
    /// The method or its document is wrong.
    Wrong(String),
    /// The document at this URL has not been fetched, or could not be.
    Missing { url: String, reason: Option<String> },
}

/// Where the document that lists a method's key is; `None` for methods that need none.
pub(super) fn document_url(method: &str) -> Result<Option<String>, KeyProblem> {
    let base = method.split('#').next().unwrap_or(method);
    if base.starts_with("did:key:") {
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
    Err(KeyProblem::Wrong(format!("the verification method {shown:?} is neither did:key, did:web nor an https URL")))
}

/// The key of a verification method, for a purpose.
pub(super) fn resolve(
    method: &str,
    purpose: &str,
    material: &Material,
    limits: &Limits,
    now: Timestamp,
) -> Result<ResolvedKey, KeyProblem> {
    let (base, fragment) = method.split_once('#').unwrap_or((method, ""));
    let Some(url) = document_url(method)? else { return did_key(base, fragment) };
    let missing = match material.get(&url) {
        Some(Ok(bytes)) => {
            let lookup = Lookup { method, base, fragment, purpose, now };
            return lookup.in_document(bytes, limits);
        }
        Some(Err(reason)) => Some(reason.to_owned()),
        None => None,
    };
    match fragment.parse::<Multikey>() {
        Ok(key) if base.starts_with("https://") => Ok(ResolvedKey {
            key,
            controller: base.to_owned(),
            unconfirmed: Some(match missing {
                Some(reason) => format!("{url} could not be had: {reason}"),
                None => format!("{url} was not looked up"),
            }),
        }),
        _ => Err(KeyProblem::Missing { url, reason: missing }),
    }
}

fn did_key(did: &str, fragment: &str) -> Result<ResolvedKey, KeyProblem> {
    let parsed: DidKey = did.parse().map_err(|error| KeyProblem::Wrong(format!("{error}")))?;
    let key = parsed.multikey();
    if !fragment.is_empty() && fragment != key.to_string() {
        return Err(KeyProblem::Wrong("the fragment of a did:key must repeat its key".to_owned()));
    }
    Ok(ResolvedKey { key, controller: did.to_owned(), unconfirmed: None })
}

struct Lookup<'m> {
    method: &'m str,
    base: &'m str,
    fragment: &'m str,
    purpose: &'m str,
    now: Timestamp,
}

impl Lookup<'_> {
    fn in_document(&self, bytes: &[u8], limits: &Limits) -> Result<ResolvedKey, KeyProblem> {
        let value = json::parse(bytes, limits).map_err(|error| self.wrong(format!("is not readable: {error}")))?;
        let document = value.as_object().ok_or_else(|| self.wrong("is not a JSON object"))?;
        let entry = if document.str("id") == Some(self.method) && document.get("publicKeyMultibase").is_some() {
            if document.str("controller") != Some(self.base) {
                return Err(self.wrong("names another controller"));
            }
            document
        } else {
            self.check_subject(document)?;
            self.entry(document)?
        };
        self.check_life(entry)?;
        let key = self.key(entry)?;
        Ok(ResolvedKey { key, controller: self.base.to_owned(), unconfirmed: None })
    }

    fn wrong(&self, problem: impl AsRef<str>) -> KeyProblem {
        let base: String = self.base.chars().take(120).collect();
        KeyProblem::Wrong(format!("the document of {base} {}", problem.as_ref()))
    }

    fn check_subject(&self, document: &Object<'_>) -> Result<(), KeyProblem> {
        if document.str("id") == Some(self.base) { Ok(()) } else { Err(self.wrong("is about another identifier")) }
    }

    fn is_method(&self, id: &str) -> bool {
        id == self.method || id.strip_prefix('#') == Some(self.fragment)
    }

    /// The entry of the method, which must be listed under the purpose.
    fn entry<'v, 'a>(&self, document: &'v Object<'a>) -> Result<&'v Object<'a>, KeyProblem> {
        let listed = document.get(self.purpose).map_or(&[] as &[Value<'_>], Value::as_slice);
        let embedded =
            listed.iter().filter_map(Value::as_object).find(|e| e.str("id").is_some_and(|id| self.is_method(id)));
        if let Some(entry) = embedded {
            return Ok(entry);
        }
        let methods = document.get("verificationMethod").map_or(&[] as &[Value<'_>], Value::as_slice);
        let found =
            methods.iter().filter_map(Value::as_object).find(|e| e.str("id").is_some_and(|id| self.is_method(id)));
        let entry = found.ok_or_else(|| self.wrong("does not list this key"))?;
        if !listed.iter().filter_map(Value::as_str).any(|id| self.is_method(id)) {
            return Err(self.wrong(format!("does not allow this key for {}", self.purpose)));
        }
        Ok(entry)
    }

    fn check_life(&self, entry: &Object<'_>) -> Result<(), KeyProblem> {
        for (member, verb) in [("revoked", "was revoked"), ("expires", "expired")] {
            let Some(text) = entry.str(member) else { continue };
            let time: Timestamp =
                text.parse().map_err(|_| self.wrong(format!("has a key whose {member} is no date")))?;
            if time <= self.now {
                return Err(self.wrong(format!("says that the key {verb} at {time}")));
            }
        }
        Ok(())
    }

    fn key(&self, entry: &Object<'_>) -> Result<Multikey, KeyProblem> {
        if let Some(text) = entry.str("publicKeyMultibase") {
            return text.parse().map_err(|error| self.wrong(format!("holds a key that is not usable: {error}")));
        }
        let jwk = entry.get("publicKeyJwk").and_then(Value::as_object);
        let jwk = jwk.filter(|jwk| jwk.str("kty") == Some("OKP") && jwk.str("crv") == Some("Ed25519"));
        let bytes = jwk.and_then(|jwk| jwk.str("x")).and_then(|x| URL_SAFE_NO_PAD.decode(x).ok());
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Multikey::from_bytes).ok_or_else(|| self.wrong("holds no Ed25519 key for this method"))
    }
}
