//! Verifies a credential that somebody presents: fetches what is needed (from our own store where it is ours, through the way out
//! where it is not) and asks `laurel-openbadges`.

use std::time::Duration;

use laurel_openbadges::baking::BakingError;
use laurel_openbadges::verify::{Expected, Material, NeedKind, PresentationReport, Report, Verifier, hosted_address};

use super::hosted;
use super::lost_keys::lost_keys;
use super::read::{MAX_IMAGE, document};
use super::summary::{Summary, summary};
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::organisations;
use crate::plugins::{Header, Outbound, OutboundRequest};
use crate::status;
use crate::subjects;
use crate::time::Timestamp;

/// A presented document has at most so many bytes; so has everything fetched for it.
pub const MAX_DOCUMENT: usize = 1024 * 1024;

/// Documents fetched for one verification.
const MAX_FETCHES: usize = 6;

/// Time for each of them.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a credential accepts to be asked for.
const ACCEPT: &str = "application/vc+ld+json, application/vc, application/vc+jwt, application/ld+json, application/json, image/png, \
                      image/svg+xml, text/plain";

/// For when and about whom an answer is wanted, and where it may come from.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The moment for which the answer is wanted.
    pub now: Timestamp,
    /// Our own store, answered from without a network call.
    pub house: Option<&'a House>,
    /// The way out; none means that nothing is fetched.
    pub outbound: Option<&'a dyn Outbound>,
    /// Whether addresses without TLS are asked too: for a host that somebody tries out on their own machine.
    pub plain_http: bool,
    /// Who is asked about: is it this recipient's? An e-mail address (`email:` may stand before it), a DID, a URL or URN.
    pub recipient: Option<&'a str>,
    /// Whether badges of Open Badges 2.0 are taken too.
    pub older_badges: bool,
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
    /// An image that cannot be read.
    #[error(transparent)]
    Image(#[from] BakingError),
    /// An image without a badge.
    #[error("there is no badge inside this image; ask for the file as it was downloaded, or for its address")]
    Plain,
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
    /// What was verified: the credential, taken out of its image if it came in one.
    pub document: Vec<u8>,
}

/// Verifies what is presented.
pub async fn verify(presented: Presented<'_>, around: Surroundings<'_>) -> Result<Verified, Unreadable> {
    let found = match presented {
        Presented::Document(bytes) => bytes.to_vec(),
        Presented::Url(url) => around.credential(url.trim()).await?,
    };
    let document = around.hosted(document(found)?).await?;
    let verifier = around.verifier().await?;
    let material = around.material(&verifier, &document).await?;
    let report = verifier.verify(&document, &material);
    let mut summary = summary(&document, &material);
    let own = around.own(&report, &document).await?;
    if let (Some(house), Some(id)) = (around.house, own) {
        summary.earner = earner(house, id).await?.or(summary.earner);
    }
    Ok(Verified { report, summary, own, document })
}

/// Verifies a presentation and every credential in it.
pub async fn verify_presentation(
    document: &[u8],
    expected: &Expected,
    around: Surroundings<'_>,
) -> Result<PresentationReport, Error> {
    let verifier = around.verifier().await?;
    let material = around.material(&verifier, document).await?;
    Ok(verifier.verify_presentation(document, expected, &material))
}

async fn earner(house: &House, id: PublicId) -> Result<Option<String>, Error> {
    let Some(award) = house.store.award_by_public_id(id).await? else { return Ok(None) };
    Ok(subjects::current(house, award.subject).await?.and_then(|subject| subject.name))
}

/// Why an address gave nothing.
struct NotFetched {
    why: String,
    /// What was said to that, if it is gone for good (HTTP status 410): so badges of Open Badges 2.0 are revoked.
    gone: Option<Vec<u8>>,
}

impl NotFetched {
    fn because(why: String) -> Self {
        Self { why, gone: None }
    }
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
        if self.host(url).is_none() {
            return Err(Unreadable::NotAnAddress(url.chars().take(120).collect()));
        }
        match self.fetch(url, MAX_IMAGE).await {
            Ok(bytes) => Ok(bytes),
            Err(NotFetched { gone: Some(said), .. }) if self.older_badges && said.starts_with(b"{") => Ok(said),
            Err(NotFetched { why, .. }) => Err(Unreadable::NotFetched { url: url.to_owned(), why }),
        }
    }

    /// The document itself, if this is only the address of a hosted one.
    async fn hosted(&self, presented: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        match hosted_address(&presented).filter(|_| self.older_badges) {
            Some(url) => document(self.credential(url).await?),
            None => Ok(presented),
        }
    }

    /// A verifier for this moment, with the contexts of the house, that believes none of its lost keys.
    pub(super) async fn verifier(&self) -> Result<Verifier<'static>, Error> {
        let verifier = Verifier::new(laurel_openbadges::Timestamp::from_unix_millis(self.now.0));
        let verifier = match self.house {
            Some(house) => verifier.with_contexts(house.contexts).distrusting(lost_keys(house).await?),
            None => verifier,
        };
        let verifier = if self.older_badges { verifier.with_older_badges() } else { verifier };
        Ok(match self.recipient {
            Some(recipient) => verifier.for_recipient(recipient),
            None => verifier,
        })
    }

    /// Fetches round by round what the verifier still wants.
    pub(super) async fn material(&self, verifier: &Verifier<'_>, document: &[u8]) -> Result<Material, Error> {
        let mut material = Material::new();
        let mut fetches = 0;
        loop {
            let needs = verifier.needs(document, &material);
            if needs.is_empty() {
                return Ok(material);
            }
            for need in needs {
                let found = match self.held_here(&need.url, need.kind).await? {
                    Some(found) => found.map_err(NotFetched::because),
                    None if fetches < MAX_FETCHES => {
                        fetches += 1;
                        self.fetch(&need.url, MAX_DOCUMENT).await
                    }
                    None => {
                        Err(NotFetched::because(format!("more than {MAX_FETCHES} documents would have to be fetched")))
                    }
                };
                match found {
                    Ok(bytes) => material.add(need.url, bytes),
                    Err(NotFetched { gone: Some(said), .. }) if need.kind == NeedKind::Hosted => {
                        if said.starts_with(b"{") { material.add(need.url, said) } else { material.add_gone(need.url) }
                    }
                    Err(NotFetched { why, .. }) => material.add_failure(need.url, why),
                }
            }
        }
    }

    /// What our own store has for an address, or why it has not; none when the address is somebody else's.
    async fn held_here(&self, url: &str, kind: NeedKind) -> Result<Option<Result<Vec<u8>, String>>, Error> {
        let Some(house) = self.house else { return Ok(None) };
        match kind {
            NeedKind::Status => {
                let Some((list, topic)) = status::own(&house.base_url, url) else { return Ok(None) };
                let published = house.store.status_document(list, topic).await?.map(|(bytes, _)| bytes);
                Ok(Some(published.ok_or_else(|| "it is not published yet; try again in a minute".to_owned())))
            }
            NeedKind::Keys => Ok(own_keys(house, url).await?.map(Ok)),
            NeedKind::Hosted => match hosted::held_here(house, url).await {
                Ok(found) => Ok(found.map(Ok)),
                Err(Error::NotFound(what)) => Ok(Some(Err(format!("there is no such {what} here")))),
                Err(Error::Conflict(why)) => Ok(Some(Err(why))),
                Err(error) => Err(error),
            },
            NeedKind::Resource => Ok(None),
        }
    }

    async fn fetch(&self, url: &str, max_body: usize) -> Result<Vec<u8>, NotFetched> {
        let refused = |why: &str| NotFetched::because(why.to_owned());
        let outbound = self.outbound.ok_or_else(|| refused("this host does not fetch"))?;
        let host = self.host(url).ok_or_else(|| refused("it is not an https address"))?;
        let request = OutboundRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: vec![Header { name: "Accept".to_owned(), value: ACCEPT.to_owned() }],
            body: Vec::new(),
            allowed_hosts: vec![host],
            max_body,
            timeout: TIMEOUT,
        };
        let response = outbound.send(request).await.map_err(|why| NotFetched::because(why.to_string()))?;
        match response.status {
            200 => Ok(response.body),
            status => {
                let why = format!("it answered with HTTP status {status}");
                Err(NotFetched { why, gone: (status == 410).then_some(response.body) })
            }
        }
    }

    fn host(&self, url: &str) -> Option<String> {
        host(url, "https://").or_else(|| host(url, "http://").filter(|_| self.plain_http))
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

/// Host of an address of this scheme. The way out parses the address again, strictly, and refuses it if it finds another host.
fn host(url: &str, scheme: &str) -> Option<String> {
    let authority = url.strip_prefix(scheme)?.split(['/', '?', '#', '\\']).next()?;
    let plain = !authority.is_empty() && !authority.contains(['@', ' ']) && !url.contains(char::is_control);
    plain.then(|| authority.split(':').next().unwrap_or(authority).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_has_a_host() {
        assert_eq!(host("https://A.example:8443/x?y", "https://").as_deref(), Some("a.example"));
        for bad in ["http://a.example/", "https://", "https://a@b/", "file:///etc/passwd", "https://a b/", "x"] {
            assert_eq!(host(bad, "https://"), None, "{bad}");
        }
    }
}
