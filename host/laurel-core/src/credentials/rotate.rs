//! Signing keys: a fresh one takes over, an old one stops.

use super::{Key, KeyState};
use crate::error::Error;
use crate::house::House;
use crate::id::{KeyId, OrganisationId};
use crate::organisations::{Issuer, Organisation};

/// A fresh key of an organisation, active, not stored yet.
pub async fn generate(house: &House, organisation: OrganisationId) -> Result<Key, Error> {
    let now = house.clock.now();
    let id = KeyId::new(now, &*house.random);
    let (public, sealed) = house.signer.generate(id).await?;
    Ok(Key { id, organisation, public, sealed, state: KeyState::Active, created: now })
}

/// Gives an organisation a fresh key; the one before retires, and what it signed stays valid.
///
/// # Errors
/// [`Error::Conflict`] for an issuer with `did:key` that has a key: another key would be another issuer.
pub async fn rotate(house: &House, organisation: &Organisation) -> Result<Key, Error> {
    let has_key = house.store.active_key(organisation.id).await?.is_some();
    if has_key && organisation.issuer == Issuer::DidKey {
        let why = "a did:key is its key and cannot rotate; an organisation with a did:web can";
        return Err(Error::Conflict(why.to_owned()));
    }
    let key = generate(house, organisation.id).await?;
    house.store.insert_key(&key).await?;
    Ok(key)
}

/// Retires a key, or declares it compromised: then it leaves the issuer's DID document, and nothing it signed verifies any more.
pub async fn change_key_state(
    house: &House,
    organisation: OrganisationId,
    id: KeyId,
    state: KeyState,
) -> Result<Key, Error> {
    let key = house.store.key(id).await?.filter(|key| key.organisation == organisation);
    let key = key.ok_or(Error::NotFound("key"))?;
    match (key.state, state) {
        (before, after) if before == after => return Ok(key),
        (_, KeyState::Active) => {
            return Err(Error::Conflict("a key does not become active again: add a fresh one".to_owned()));
        }
        (KeyState::Compromised, _) => return Err(Error::Conflict("a compromised key stays compromised".to_owned())),
        _ => {}
    }
    house.store.set_key_state(id, state).await?;
    Ok(Key { state, ..key })
}
