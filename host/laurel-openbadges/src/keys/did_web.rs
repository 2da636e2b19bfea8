//! `did:web`: an identifier that is a place on a web site (the did:web method).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde_json::json;

use super::PublicKey;
use crate::contexts::{DID_V1, JWK_V1, MULTIKEY_V1};

/// A `did:web` identifier: a domain name, perhaps a port, perhaps a path (the did:web method, "Method-specific identifier").
///
/// ```
/// use laurel_openbadges::keys::DidWeb;
/// let did = DidWeb::new("badges.example", ["organisations", "acme"])?;
/// assert_eq!(did.to_string(), "did:web:badges.example:organisations:acme");
/// assert_eq!(did.document_url(), "https://badges.example/organisations/acme/did.json");
/// assert!(DidWeb::new("127.0.0.1:8080", []).is_err());
/// # Ok::<(), laurel_openbadges::keys::DidWebError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DidWeb {
    /// Host and port as they stand in a URL.
    authority: String,
    path: Vec<String>,
}

/// Why a `did:web` cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidWebError {
    /// It does not begin with `did:web:`.
    #[error("{0:?} does not begin with did:web:")]
    NotDidWeb(String),
    /// The host is an IP address, which the method forbids.
    #[error("a did:web needs a domain name; {0:?} is an IP address")]
    IpAddress(String),
    /// The host is no domain name.
    #[error("{0:?} is not a domain name with an optional port")]
    Domain(String),
    /// A path segment holds a character that is not allowed there.
    #[error("the path segment {0:?} may hold only letters, digits, \"-\", \"_\" and \".\"")]
    Segment(String),
}

impl DidWeb {
    /// The identifier of `authority` (`domain` or `domain:port`) and a path.
    ///
    /// # Errors
    /// If the host is an IP address or no domain name, or a segment is not plain.
    pub fn new<'s>(authority: &str, path: impl IntoIterator<Item = &'s str>) -> Result<Self, DidWebError> {
        check_authority(authority)?;
        let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
        match path.iter().find(|segment| !is_plain(segment)) {
            Some(segment) => Err(DidWebError::Segment(segment.chars().take(80).collect())),
            None => Ok(Self { authority: authority.to_ascii_lowercase(), path }),
        }
    }

    /// Where the DID document is served: `/.well-known/did.json`, or `did.json` under the path (the did:web method, "Read (Resolve)").
    pub fn document_url(&self) -> String {
        if self.path.is_empty() {
            format!("https://{}/.well-known/did.json", self.authority)
        } else {
            format!("https://{}/{}/did.json", self.authority, self.path.join("/"))
        }
    }

    /// The identifier of a key of this subject: `did:web:…#z6Mk…` for Ed25519, `did:web:…#` and the thumbprint (RFC 7638) for others.
    pub fn verification_method<K: Clone + Into<PublicKey>>(&self, key: &K) -> String {
        match key.clone().into() {
            PublicKey::Ed25519(key) => format!("{self}#{key}"),
            other => format!("{self}#{}", other.thumbprint()),
        }
    }

    /// The DID document that lists `keys`. Keep retired keys in it: what they signed stays verifiable.
    ///
    /// Ed25519 keys are written as Multikeys, for Data Integrity proofs; keys of other kinds as JSON Web Keys, for tokens.
    pub fn document<K: Clone + Into<PublicKey>>(&self, keys: &[K]) -> serde_json::Value {
        let did = self.to_string();
        let methods: Vec<String> = keys.iter().map(|key| self.verification_method(key)).collect();
        let described = keys.iter().zip(&methods).map(|(key, method)| match key.clone().into() {
            PublicKey::Ed25519(key) => {
                json!({ "id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.to_string() })
            }
            other => json!({ "id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": other.to_jwk() }),
        });
        let described: Vec<serde_json::Value> = described.collect();
        let mut contexts = vec![DID_V1, MULTIKEY_V1];
        if described.iter().any(|method| method["type"] == "JsonWebKey") {
            contexts.push(JWK_V1);
        }
        json!({
            "@context": contexts,
            "id": did,
            "verificationMethod": described,
            "assertionMethod": methods,
            "authentication": methods,
        })
    }
}

fn check_authority(authority: &str) -> Result<(), DidWebError> {
    let shown = || authority.chars().take(120).collect::<String>();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let numeric =
        bare.rsplit('.').next().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    if numeric || bare.parse::<Ipv4Addr>().is_ok() || bare.parse::<Ipv6Addr>().is_ok() || bare.contains(':') {
        return Err(DidWebError::IpAddress(shown()));
    }
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let port_ok = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if host.len() > 253 || !host.split('.').all(label_ok) || !port_ok {
        return Err(DidWebError::Domain(shown()));
    }
    Ok(())
}

fn is_plain(segment: &str) -> bool {
    !segment.is_empty()
        && segment != "."
        && segment != ".."
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

impl fmt::Display for DidWeb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "did:web:{}", self.authority.replace(':', "%3A"))?;
        self.path.iter().try_for_each(|segment| write!(f, ":{segment}"))
    }
}

impl FromStr for DidWeb {
    type Err = DidWebError;

    fn from_str(text: &str) -> Result<Self, DidWebError> {
        let shown = || text.chars().take(120).collect::<String>();
        let rest = text.strip_prefix("did:web:").ok_or_else(|| DidWebError::NotDidWeb(shown()))?;
        let mut parts = rest.split(':');
        let authority = parts.next().unwrap_or_default().replace("%3A", ":").replace("%3a", ":");
        Self::new(&authority, parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_escaped_and_domains_checked() {
        let did = DidWeb::new("localhost:8443", ["issuers", "1"]).unwrap();
        assert_eq!(did.to_string(), "did:web:localhost%3A8443:issuers:1");
        assert_eq!(did.to_string().parse(), Ok(did.clone()));
        assert_eq!(DidWeb::new("example.com", []).unwrap().document_url(), "https://example.com/.well-known/did.json");
        for ip in ["127.0.0.1", "10.1.2.3:80", "[::1]", "::1", "0x7f.1", "1.2.3", "2130706433"] {
            assert!(matches!(DidWeb::new(ip, []), Err(DidWebError::IpAddress(_))), "{ip}");
        }
        for bad in ["", "a..b", "-a.test", "a b", "a.test/x", "user@a.test", "a.test:99999"] {
            assert!(DidWeb::new(bad, []).is_err(), "{bad}");
        }
        assert!("did:web:a.test:..:x".parse::<DidWeb>().is_err());
    }
}
