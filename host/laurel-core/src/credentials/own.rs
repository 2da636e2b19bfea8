//! What lies at an address of our own: read from the store, so that it is never stale and costs no network call.

use laurel_openbadges::verify::Report;

use super::hosted;
use super::surroundings::Surroundings;
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::organisations;
use crate::status;

/// What our own store has for an address, or why it has not; none when the address is somebody else's.
pub(super) async fn held_here(house: &House, url: &str) -> Result<Option<Result<Vec<u8>, String>>, Error> {
    // Whatever it is wanted for: an answer from elsewhere for one purpose would serve for another.
    if let Some((list, topic)) = status::own(&house.base_url, url) {
        let published = house.store.status_document(list, topic).await?.map(|(bytes, _)| bytes);
        return Ok(Some(published.ok_or_else(|| "it is not published yet; try again in a minute".to_owned())));
    }
    if let Some(keys) = own_keys(house, url).await? {
        return Ok(Some(Ok(keys)));
    }
    match hosted::held_here(house, url).await {
        Ok(found) => Ok(found.map(Ok)),
        Err(Error::NotFound(what)) => Ok(Some(Err(format!("there is no such {what} here")))),
        Err(Error::Conflict(why)) => Ok(Some(Err(why))),
        Err(error) => Err(error),
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

impl Surroundings<'_> {
    /// The credential that an address of ours is the place of.
    pub(super) fn own_credential(&self, url: &str) -> Option<PublicId> {
        let rest = url.strip_prefix(&*self.house?.base_url)?.strip_prefix("/credentials/")?;
        rest.split(['?', '/']).next()?.parse().ok()
    }

    /// Whether a document is, byte for byte, what this house has stored under its id.
    pub(super) async fn own(&self, report: &Report, document: &[u8]) -> Result<Option<PublicId>, Error> {
        let (Some(house), Some(id)) = (self.house, report.id.as_deref()) else { return Ok(None) };
        let Some(id) = self.own_credential(id) else { return Ok(None) };
        let stored = house.store.credential(id).await?;
        Ok((stored.as_deref() == Some(document)).then_some(id))
    }
}
