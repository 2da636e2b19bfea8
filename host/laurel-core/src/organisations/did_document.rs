//! The DID document of an organisation that issues under a `did:web`.

use laurel_openbadges::keys::{DidWeb, PublicKey};
use serde_json::Value;

use super::{Issuer, Organisation};
use crate::credentials::KeyState;
use crate::error::Error;
use crate::house::House;
use crate::page::PageRequest;

/// The document that belongs at `/{path…}/did.json`, or at `/.well-known/did.json` for an empty path. `host` is the host the
/// request names; it decides only where several organisations issue from the root of a domain each.
///
/// Retired keys stay in it, because what they signed stays valid; compromised ones do not.
pub async fn did_document(house: &House, host: Option<&str>, path: &[&str]) -> Result<Value, Error> {
    let organisation = match path.last() {
        Some(slug) => house.store.organisation_by_slug(slug).await?,
        None => at_root(house, host).await?,
    };
    let organisation = organisation.ok_or(Error::NotFound("issuer"))?;
    let Issuer::DidWeb { domain, path: own } = &organisation.issuer else { return Err(Error::NotFound("issuer")) };
    if own != path {
        return Err(Error::NotFound("issuer"));
    }
    let did = DidWeb::new(domain, path.iter().copied()).map_err(|error| Error::Internal(error.to_string()))?;
    let keys = house.store.keys(organisation.id).await?;
    let vouched = keys.iter().filter(|key| key.state != KeyState::Compromised);
    let keys: Result<Vec<PublicKey>, _> = vouched.map(|key| key.public.parse()).collect();
    Ok(did.document(&keys.map_err(|error| Error::Internal(error.to_string()))?))
}

/// The organisation that issues from the root of this host, or of any if it is the only one.
async fn at_root(house: &House, host: Option<&str>) -> Result<Option<Organisation>, Error> {
    let mut found = Vec::new();
    let mut page = PageRequest { after: None, limit: 200 };
    loop {
        let part = house.store.organisations(page).await?;
        found.extend(part.items.into_iter().filter(|each| root_domain(each).is_some()));
        match part.next {
            Some(after) => page.after = Some(after),
            None => break,
        }
    }
    let named = found.iter().position(|each| root_domain(each).is_some_and(|domain| host == Some(domain)));
    Ok(match (named, found.len()) {
        (Some(index), _) => Some(found.swap_remove(index)),
        (None, 1) => found.pop(),
        _ => None,
    })
}

fn root_domain(organisation: &Organisation) -> Option<&str> {
    match &organisation.issuer {
        Issuer::DidWeb { domain, path } if path.is_empty() => Some(domain),
        _ => None,
    }
}
