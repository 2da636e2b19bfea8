//! Related resources and their digests (VC Data Model 2.0, section 5.3).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::keys::{listed, shown};
use super::material::{Material, Need, NeedKind};
use super::report::Outcome;
use crate::contexts::is_digest_of;
use crate::json::{Object, Value};
use crate::multibase;
use crate::work::Work;

/// Resources looked at in one credential; more are refused by the schema check.
pub(super) const MOST: usize = 32;

/// The resources that must be fetched. What is part of this crate is not.
pub(super) fn needs(credential: &Object<'_>, wanted: &mut Vec<Need>) {
    for resource in listed(credential.get("relatedResource")).iter().take(MOST).filter_map(Value::as_object) {
        let Some(url) = resource.str("id") else { continue };
        let known = digests(resource).is_ok_and(|digests| digests.iter().any(|digest| digest.is_known(url)));
        if url.starts_with("https://") && !known {
            wanted.push(Need { url: url.to_owned(), kind: NeedKind::Resource });
        }
    }
}

/// The answer for each resource.
pub(super) fn check(credential: &Object<'_>, material: &Material, work: &Work<'_>) -> Vec<(Outcome, String)> {
    let resources = listed(credential.get("relatedResource")).iter().take(MOST).filter_map(Value::as_object);
    resources.map(|resource| one(resource, material, work)).collect()
}

fn one(resource: &Object<'_>, material: &Material, work: &Work<'_>) -> (Outcome, String) {
    let Some(url) = resource.str("id") else { return (Outcome::Fail, "A related resource has no id.".to_owned()) };
    let place = shown(url);
    let digests = match digests(resource) {
        Ok(digests) => digests,
        Err(problem) => return (Outcome::Fail, format!("The related resource {place} {problem}.")),
    };
    let found = material.get(url);
    if let Some(Ok(bytes)) = found
        && let Err(why) = work.spend_on_bytes(bytes.len())
    {
        return (Outcome::NotChecked, format!("The related resource {place} was not looked at: {why}."));
    }
    let fits = match found {
        Some(Ok(bytes)) => digests.iter().all(|digest| digest.is_of(bytes)),
        _ if crate::contexts::Contexts::bundled().get(url).is_some() => {
            digests.iter().all(|digest| digest.is_known(url))
        }
        Some(Err(reason)) => {
            return (Outcome::NotChecked, format!("The related resource {place} could not be had: {reason}."));
        }
        None => return (Outcome::NotChecked, format!("The related resource {place} was not looked up.")),
    };
    if fits {
        (Outcome::Pass, format!("The related resource {place} is what it was when this was issued."))
    } else {
        (Outcome::Fail, format!("The related resource {place} is not what it was when this was issued."))
    }
}

/// A digest: of 32, 48 or 64 bytes, by SHA-256, SHA-384 or SHA-512.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResourceDigest(Vec<u8>);

impl ResourceDigest {
    fn new(bytes: Vec<u8>) -> Option<Self> {
        matches!(bytes.len(), 32 | 48 | 64).then_some(Self(bytes))
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        match self.0.len() {
            32 => Sha256::digest(bytes).as_slice() == self.0,
            48 => Sha384::digest(bytes).as_slice() == self.0,
            _ => Sha512::digest(bytes).as_slice() == self.0,
        }
    }

    fn is_known(&self, url: &str) -> bool {
        is_digest_of(url, &self.0)
    }
}

/// The digests a resource gives, at least one. Each must hold.
pub(super) fn digests(resource: &Object<'_>) -> Result<Vec<ResourceDigest>, &'static str> {
    let mut found = Vec::new();
    if let Some(value) = resource.get("digestSRI") {
        found.push(value.as_str().and_then(integrity).ok_or("has a digestSRI that is not like sha384-…")?);
    }
    if let Some(value) = resource.get("digestMultibase") {
        let digest = value.as_str().and_then(|text| multibase::decode(text).ok()).and_then(multihash);
        found.push(digest.ok_or("has a digestMultibase that holds no SHA-2 digest")?);
    }
    if found.is_empty() { Err("has neither digestSRI nor digestMultibase") } else { Ok(found) }
}

/// Subresource Integrity: the strongest of the digests given, in either alphabet of base64.
fn integrity(text: &str) -> Option<ResourceDigest> {
    let one = |text: &str| {
        let (kind, encoded) = text.split_once('-')?;
        let encoded = encoded.split('?').next().unwrap_or_default();
        let bytes = STANDARD.decode(encoded).or_else(|_| URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('='))).ok()?;
        let size = match kind {
            "sha256" => 32,
            "sha384" => 48,
            "sha512" => 64,
            _ => return None,
        };
        ResourceDigest::new(bytes).filter(|digest| digest.0.len() == size)
    };
    text.split_ascii_whitespace().filter_map(one).max_by_key(|digest| digest.0.len())
}

/// A multihash of SHA-2, or, as it is found, the digest alone.
fn multihash(bytes: Vec<u8>) -> Option<ResourceDigest> {
    let digest = match bytes.as_slice() {
        [0x12, 0x20, digest @ ..] if digest.len() == 32 => digest.to_vec(),
        [0x20, 0x30, digest @ ..] if digest.len() == 48 => digest.to_vec(),
        [0x13, 0x40, digest @ ..] if digest.len() == 64 => digest.to_vec(),
        _ => bytes,
    };
    ResourceDigest::new(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, json};

    fn outcome(resource: &str, body: Option<&[u8]>) -> (Outcome, String) {
        let text = format!(r#"{{"relatedResource":{resource}}}"#);
        let Value::Object(credential) = json::parse(text.as_bytes(), &Limits::default()).unwrap() else { panic!() };
        let mut material = Material::new();
        if let Some(body) = body {
            material.add("https://a.example/r", body);
        }
        check(&credential, &material, &Work::within(&Limits::default())).remove(0)
    }

    #[test]
    fn digests_in_all_forms_are_compared() {
        let sha256 = Sha256::digest(b"body");
        let forms = [
            format!(r#""digestSRI":"sha256-{}""#, STANDARD.encode(sha256)),
            format!(r#""digestSRI":"sha512-{} sha256-AAAA""#, URL_SAFE_NO_PAD.encode(Sha512::digest(b"body"))),
            format!(r#""digestMultibase":"{}""#, multibase::base64url(&sha256)),
            format!(r#""digestMultibase":"{}""#, multibase::base58(&[&[0x12, 0x20], sha256.as_slice()].concat())),
        ];
        for form in forms {
            let resource = format!(r#"{{"id":"https://a.example/r",{form}}}"#);
            assert_eq!(outcome(&resource, Some(b"body")).0, Outcome::Pass, "{form}");
            assert_eq!(outcome(&resource, Some(b"Body")).0, Outcome::Fail, "{form}");
            assert_eq!(outcome(&resource, None).0, Outcome::NotChecked, "{form}");
        }
        for bad in
            [r#""digestSRI":"sha1-AAAA""#, r#""digestMultibase":"uAAAA""#, r#""digestSRI":5"#, r#""mediaType":"x""#]
        {
            let resource = format!(r#"{{"id":"https://a.example/r",{bad}}}"#);
            assert_eq!(outcome(&resource, Some(b"body")).0, Outcome::Fail, "{bad}");
        }
    }

    #[test]
    fn bundled_contexts_need_not_be_fetched() {
        let digest = "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ";
        let resource = format!(r#"{{"id":"https://www.w3.org/ns/credentials/v2","digestMultibase":"{digest}"}}"#);
        assert_eq!(outcome(&resource, None).0, Outcome::Pass);
        assert_eq!(outcome(&resource.replace("WZVc", "XZVc"), None).0, Outcome::Fail);
    }
}
