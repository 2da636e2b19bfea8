//! Verifies a credential that somebody presents: fetches what is needed (from our own store where it is ours, through the way out
//! where it is not) and asks `laurel-openbadges`.

use std::time::Duration;

use laurel_openbadges::verify::{Material, NeedKind, Report, Verifier};
use serde_json::Value;

use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::organisations;
use crate::plugins::{Header, Outbound, OutboundRequest};
use crate::status::Purpose;
use crate::subjects;
use crate::time::Timestamp;

/// A presented document has at most so many bytes; so has everything fetched for it.
pub const MAX_DOCUMENT: usize = 1024 * 1024;

/// Documents fetched for one verification.
const MAX_FETCHES: usize = 6;

/// Time for each of them.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a credential accepts to be asked for.
const ACCEPT: &str = "application/vc+ld+json, application/vc, application/ld+json, application/json";

/// Where the answer may come from.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The moment for which the answer is wanted.
    pub now: Timestamp,
    /// Our own store, answered from without a network call.
    pub house: Option<&'a House>,
    /// The way out; none means that nothing is fetched.
    pub outbound: Option<&'a dyn Outbound>,
}

/// What somebody presents.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// Where it is.
    Url(&'a str),
    /// The document itself.
    Document(&'a [u8]),
}

/// Why there was nothing to verify. The text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Nothing was presented.
    #[error("there is nothing to check: give a web address, paste a document or choose a file")]
    Empty,
    /// Too long.
    #[error("the document has {0} bytes; at most {MAX_DOCUMENT} are taken")]
    TooLarge(usize),
    /// Not an address that can be asked.
    #[error("this is not an https address: {0}")]
    NotAnAddress(String),
    /// Our own, and there is none, or not yet.
    #[error("there is no signed credential at {0}")]
    NotThere(String),
    /// The address gave nothing.
    #[error("{url} gave no document: {why}")]
    NotFetched {
        /// What was asked.
        url: String,
        /// What came of it.
        why: String,
    },
    /// The store failed.
    #[error(transparent)]
    House(#[from] Error),
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Every check.
    pub report: Report,
    /// What the document says of itself: the issuer's words, to be believed only if the report says so.
    pub summary: Summary,
    /// Set when it is, byte for byte, a credential of this house.
    pub own: Option<PublicId>,
    /// What was verified.
    pub document: Vec<u8>,
}

/// What a credential says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Name of the achievement, or of the credential.
    pub title: Option<String>,
    /// The issuer's name for itself.
    pub issuer: Option<String>,
    /// The earner's name, if the document (or, for our own, the house) has one.
    pub earner: Option<String>,
    /// `validFrom`, as written.
    pub valid_from: Option<String>,
    /// `validUntil`, as written.
    pub valid_until: Option<String>,
}

/// Verifies what is presented.
pub async fn verify(presented: Presented<'_>, around: Surroundings<'_>) -> Result<Verified, Unreadable> {
    let document = match presented {
        Presented::Document(bytes) => bytes.to_vec(),
        Presented::Url(url) => around.credential(url.trim()).await?,
    };
    if document.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if document.len() > MAX_DOCUMENT {
        return Err(Unreadable::TooLarge(document.len()));
    }
    let report = around.report(&document).await?;
    let mut summary = summary(&document);
    let own = around.own(&report, &document).await?;
    if let (Some(house), Some(id)) = (around.house, own) {
        summary.earner = earner(house, id).await?.or(summary.earner);
    }
    Ok(Verified { report, summary, own, document })
}

async fn earner(house: &House, id: PublicId) -> Result<Option<String>, Error> {
    let Some(award) = house.store.award_by_public_id(id).await? else { return Ok(None) };
    Ok(subjects::current(house, award.subject).await?.and_then(|subject| subject.name))
}

impl Surroundings<'_> {
    /// The document at an address.
    async fn credential(&self, url: &str) -> Result<Vec<u8>, Unreadable> {
        if url.is_empty() {
            return Err(Unreadable::Empty);
        }
        let url = url.split('#').next().unwrap_or(url);
        if let (Some(house), Some(id)) = (self.house, self.own_credential(url)) {
            let stored = house.store.credential(id).await.map_err(Error::from)?;
            return stored.ok_or_else(|| Unreadable::NotThere(url.to_owned()));
        }
        if host(url).is_none() {
            return Err(Unreadable::NotAnAddress(url.chars().take(120).collect()));
        }
        self.fetch(url).await.map_err(|why| Unreadable::NotFetched { url: url.to_owned(), why })
    }

    /// Fetches round by round what the verifier still wants, and asks it.
    async fn report(&self, document: &[u8]) -> Result<Report, Error> {
        let now = laurel_openbadges::Timestamp::from_unix_millis(self.now.0);
        let verifier = Verifier::new(now);
        let mut material = Material::new();
        let mut fetches = 0;
        loop {
            let needs = verifier.needs(document, &material);
            if needs.is_empty() {
                return Ok(verifier.verify(document, &material));
            }
            for need in needs {
                let found = match self.held_here(&need.url, need.kind).await? {
                    Some(found) => found,
                    None if fetches < MAX_FETCHES => {
                        fetches += 1;
                        self.fetch(&need.url).await
                    }
                    None => Err(format!("more than {MAX_FETCHES} documents would have to be fetched")),
                };
                match found {
                    Ok(bytes) => material.add(need.url, bytes),
                    Err(why) => material.add_failure(need.url, why),
                }
            }
        }
    }

    /// What our own store has for an address, or why it has not; none when the address is somebody else's.
    async fn held_here(&self, url: &str, kind: NeedKind) -> Result<Option<Result<Vec<u8>, String>>, Error> {
        let Some(house) = self.house else { return Ok(None) };
        match kind {
            NeedKind::Status => {
                let Some((list, purpose)) = own_list(house, url) else { return Ok(None) };
                let published = house.store.status_document(list, purpose).await?.map(|(bytes, _)| bytes);
                Ok(Some(published.ok_or_else(|| "it is not published yet; try again in a minute".to_owned())))
            }
            NeedKind::Keys => Ok(own_keys(house, url).await?.map(Ok)),
            NeedKind::Resource => Ok(None),
        }
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        let Some(outbound) = self.outbound else { return Err("this host does not fetch".to_owned()) };
        let Some(host) = host(url) else { return Err("it is not an https address".to_owned()) };
        let request = OutboundRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: vec![Header { name: "Accept".to_owned(), value: ACCEPT.to_owned() }],
            body: Vec::new(),
            allowed_hosts: vec![host],
            max_body: MAX_DOCUMENT,
            timeout: TIMEOUT,
        };
        let response = outbound.send(request).await.map_err(|why| why.to_string())?;
        match response.status {
            200 => Ok(response.body),
            status => Err(format!("it answered with HTTP status {status}")),
        }
    }

    fn own_credential(&self, url: &str) -> Option<PublicId> {
        let rest = url.strip_prefix(&*self.house?.base_url)?.strip_prefix("/credentials/")?;
        rest.split(['?', '/']).next()?.parse().ok()
    }

    /// Whether a document is, byte for byte, what this house has stored under its id.
    async fn own(&self, report: &Report, document: &[u8]) -> Result<Option<PublicId>, Error> {
        let (Some(house), Some(id)) = (self.house, report.id.as_deref()) else { return Ok(None) };
        let Some(id) = self.own_credential(id) else { return Ok(None) };
        let stored = house.store.credential(id).await?;
        Ok((stored.as_deref() == Some(document)).then_some(id))
    }
}

/// The list and purpose of an address `…/status/{list}/{purpose}` of ours.
fn own_list(house: &House, url: &str) -> Option<(PublicId, Purpose)> {
    let rest = url.strip_prefix(&*house.base_url)?.strip_prefix("/status/")?;
    let (list, purpose) = rest.split_once('/')?;
    let purpose = match purpose {
        "revocation" => Purpose::Revocation,
        "suspension" => Purpose::Suspension,
        _ => return None,
    };
    Some((list.parse().ok()?, purpose))
}

/// The DID document at an address, if it is one of an organisation of ours.
async fn own_keys(house: &House, url: &str) -> Result<Option<Vec<u8>>, Error> {
    let Some(rest) = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix("/did.json")) else {
        return Ok(None);
    };
    let mut segments = rest.split('/');
    let domain = segments.next().unwrap_or_default();
    let path: Vec<&str> = segments.filter(|segment| *segment != ".well-known").collect();
    let did = std::iter::once(domain.replace(':', "%3A")).chain(path.iter().map(|&segment| segment.to_owned()));
    let did = format!("did:web:{}", did.collect::<Vec<_>>().join(":"));
    match organisations::did_document(house, Some(domain), &path).await {
        Ok(document) if document["id"] == did => Ok(serde_json::to_vec(&document).ok()),
        Ok(_) | Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Host of an https address. The way out parses the address again, strictly, and refuses it if it finds another host.
fn host(url: &str) -> Option<String> {
    let authority = url.strip_prefix("https://")?.split(['/', '?', '#', '\\']).next()?;
    let plain = !authority.is_empty() && !authority.contains(['@', ' ']) && !url.contains(char::is_control);
    plain.then(|| authority.split(':').next().unwrap_or(authority).to_ascii_lowercase())
}

fn summary(document: &[u8]) -> Summary {
    let Ok(document) = serde_json::from_slice::<Value>(document) else { return Summary::default() };
    let subject = &document["credentialSubject"];
    let subject = subject.get(0).unwrap_or(subject);
    let text = |value: &Value| value.as_str().map(|text| text.chars().take(300).collect::<String>());
    let earner = subject["identifier"].as_array().into_iter().flatten().find(|each| each["identityType"] == "name");
    Summary {
        title: text(&subject["achievement"]["name"]).or_else(|| text(&document["name"])),
        issuer: text(&document["issuer"]["name"]),
        earner: text(&subject["name"]).or_else(|| earner.and_then(|each| text(&each["identityHash"]))),
        valid_from: text(&document["validFrom"]).or_else(|| text(&document["issuanceDate"])),
        valid_until: text(&document["validUntil"]).or_else(|| text(&document["expirationDate"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_has_a_host() {
        assert_eq!(host("https://A.example:8443/x?y").as_deref(), Some("a.example"));
        for bad in ["http://a.example/", "https://", "https://a@b/", "file:///etc/passwd", "https://a b/", "x"] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_summary_of_anything() {
        let document =
            br#"{"credentialSubject":[{"achievement":{"name":"Ferris"}}],"issuer":{"name":"Crab"},"validFrom":7}"#;
        let expected = Summary { title: Some("Ferris".into()), issuer: Some("Crab".into()), ..Summary::default() };
        assert_eq!(summary(document), expected);
        assert_eq!(summary(b"[1,2"), Summary::default());
    }
}
