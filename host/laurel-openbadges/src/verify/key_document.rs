//! Keys in DID documents, controlled identifier documents and JSON Web Key sets.

use super::keys::{KeyProblem, ResolvedKey, Source, listed, shown};
use crate::Timestamp;
use crate::json::{self, Object, Value};
use crate::keys::{PublicKey, key_of_jwk};

/// Keys looked at in one document at most, where the method does not say which.
const MOST_KEYS: usize = 64;

/// The search for one method in the document of its controller.
pub(super) struct Lookup<'m> {
    method: &'m str,
    base: &'m str,
    fragment: &'m str,
    source: Source<'m>,
}

impl<'m> Lookup<'m> {
    pub(super) fn new(method: &'m str, source: Source<'m>) -> Self {
        let (base, fragment) = method.split_once('#').unwrap_or((method, ""));
        Self { method, base, fragment, source }
    }

    pub(super) fn in_document(&self, bytes: &[u8]) -> Result<ResolvedKey, KeyProblem> {
        let value = self.read(bytes)?;
        let document = value.as_object().ok_or_else(|| self.wrong("is not a JSON object"))?;
        if document.get("kty").is_some() || document.get("keys").is_some() {
            let key = self.in_key_set(document)?;
            return Ok(ResolvedKey { bare: true, ..ResolvedKey::of(key, self.base) });
        }
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
        Ok(ResolvedKey::of(self.key(entry)?, self.base))
    }

    /// Every usable key that is listed for the purpose.
    pub(super) fn all(&self, bytes: &[u8]) -> Result<Vec<PublicKey>, KeyProblem> {
        let value = self.read(bytes)?;
        let document = value.as_object().ok_or_else(|| self.wrong("is not a JSON object"))?;
        self.check_subject(document)?;
        let methods = listed(document.get("verificationMethod"));
        let found = listed(document.get(self.source.purpose)).iter().take(MOST_KEYS).filter_map(|item| match item {
            Value::Object(entry) => Some(entry),
            Value::String(id) => {
                let fragment = id.rsplit('#').next();
                methods.iter().filter_map(Value::as_object).find(|entry| {
                    entry.str("id").is_some_and(|other| other == id || other.strip_prefix('#') == fragment)
                })
            }
            _ => None,
        });
        Ok(found.filter(|entry| self.check_life(entry).is_ok()).filter_map(|entry| self.key(entry).ok()).collect())
    }

    fn read<'a>(&self, bytes: &'a [u8]) -> Result<Value<'a>, KeyProblem> {
        self.source.work.spend_on_bytes(bytes.len())?;
        json::parse(bytes, self.source.work.limits).map_err(|error| self.wrong(format!("is not readable: {error}")))
    }

    fn wrong(&self, problem: impl AsRef<str>) -> KeyProblem {
        KeyProblem::Wrong(format!("the document of {} {}", shown(self.base), problem.as_ref()))
    }

    fn check_subject(&self, document: &Object<'_>) -> Result<(), KeyProblem> {
        if document.str("id") == Some(self.base) { Ok(()) } else { Err(self.wrong("is about another identifier")) }
    }

    fn is_method(&self, id: &str) -> bool {
        id == self.method || id.strip_prefix('#') == Some(self.fragment)
    }

    /// The entry of the method, which must be listed under the purpose.
    fn entry<'v, 'a>(&self, document: &'v Object<'a>) -> Result<&'v Object<'a>, KeyProblem> {
        let purpose = self.source.purpose;
        let allowed = listed(document.get(purpose));
        let is_it = |entry: &&Object<'_>| entry.str("id").is_some_and(|id| self.is_method(id)) || self.is_called(entry);
        if let Some(entry) = allowed.iter().filter_map(Value::as_object).find(is_it) {
            return Ok(entry);
        }
        let methods = listed(document.get("verificationMethod"));
        let entry = methods.iter().filter_map(Value::as_object).find(is_it);
        let entry = entry.ok_or_else(|| self.wrong("does not list this key"))?;
        let id = entry.str("id").unwrap_or_default();
        let fragment = id.rsplit('#').next().unwrap_or_default();
        let same = |other: &str| self.is_method(other) || other == id || other.strip_prefix('#') == Some(fragment);
        if !allowed.iter().filter_map(Value::as_str).any(same) {
            return Err(self.wrong(format!("does not allow this key for {purpose}")));
        }
        Ok(entry)
    }

    /// Whether the entry's JSON Web Key calls itself what the method's fragment says: many tokens name keys so.
    fn is_called(&self, entry: &Object<'_>) -> bool {
        let jwk = entry.get("publicKeyJwk").and_then(Value::as_object);
        !self.fragment.is_empty() && jwk.and_then(|jwk| jwk.str("kid")) == Some(self.fragment)
    }

    fn check_life(&self, entry: &Object<'_>) -> Result<(), KeyProblem> {
        for (member, verb) in [("revoked", "was revoked"), ("expires", "expired")] {
            let Some(text) = entry.str(member) else { continue };
            let time: Timestamp =
                text.parse().map_err(|_| self.wrong(format!("has a key whose {member} is no date")))?;
            if time <= self.source.now {
                return Err(self.wrong(format!("says that the key {verb} at {time}")));
            }
        }
        Ok(())
    }

    fn key(&self, entry: &Object<'_>) -> Result<PublicKey, KeyProblem> {
        if let Some(text) = entry.str("publicKeyMultibase") {
            return text.parse().map_err(|error| self.wrong(format!("holds a key that is not usable: {error}")));
        }
        let jwk = entry.get("publicKeyJwk").and_then(Value::as_object);
        let jwk = jwk.ok_or_else(|| self.wrong("holds no key for this method"))?;
        key_of_jwk(jwk).map_err(|error| self.wrong(format!("holds a key that is not usable: {error}")))
    }

    /// The key in a JSON Web Key, or in a set of them by the name that the method's fragment is.
    fn in_key_set(&self, document: &Object<'_>) -> Result<PublicKey, KeyProblem> {
        let usable = |jwk: &Object<'_>| {
            key_of_jwk(jwk).map_err(|error| self.wrong(format!("holds a key that is not usable: {error}")))
        };
        if document.get("kty").is_some() {
            return usable(document);
        }
        let keys: Vec<&Object<'_>> = listed(document.get("keys")).iter().filter_map(Value::as_object).collect();
        let names = [self.method, self.fragment];
        match keys.iter().find(|jwk| jwk.str("kid").is_some_and(|kid| names.contains(&kid))) {
            Some(jwk) => usable(jwk),
            None if keys.len() == 1 && self.fragment.is_empty() => usable(keys[0]),
            None => Err(self.wrong("does not list this key")),
        }
    }
}
