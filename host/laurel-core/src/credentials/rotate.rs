//! Signing keys: a fresh one takes over, an old one stops.

use std::collections::HashSet;

use super::{Key, KeyState};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{KeyId, OrganisationId, StatusListId};
use crate::organisations::{Issuer, Organisation, Suite};
use crate::status;

/// A fresh key of an organisation, active, not stored yet.
pub async fn generate(house: &House, organisation: OrganisationId, suite: Suite) -> Result<Key, Error> {
    let now = house.clock.now();
    let id = KeyId::new(now, &*house.random);
    let (public, sealed) = house.signer.generate(id, suite.algorithm()).await?;
    Ok(Key { id, organisation, public, sealed, state: KeyState::Active, created: now })
}

/// Gives an organisation a fresh key; the one before is retiring, and what it signed stays valid.
///
/// # Errors
/// [`Error::Conflict`] for an issuer with `did:key` that has a key: another key would be another issuer.
pub async fn rotate(house: &House, organisation: &Organisation) -> Result<Key, Error> {
    let has_key = house.store.active_key(organisation.id).await?.is_some();
    if has_key && organisation.issuer == Issuer::DidKey {
        let why = "a did:key is its key and cannot rotate; an organisation with a did:web can";
        return Err(Error::Conflict(why.to_owned()));
    }
    let key = generate(house, organisation.id, organisation.suite).await?;
    house.store.insert_key(&key).await?;
    Ok(key)
}

/// Retires a key, or declares it compromised: then the host believes nothing that it signed any more. How others learn it depends on the
/// issuer.
///
/// - A `did:web`: the key leaves the DID document, a fresh key takes over, and the status lists are signed anew. Nothing the lost key signed
///   verifies anywhere.
/// - A `did:key` cannot be taken back: it is its key, whoever has it can sign in its name, and what they sign without a status list of this
///   host verifies elsewhere for ever. What was issued here with a status is revoked, all of it, in lists that the key signs as its last
///   act. The organisation signs no more until a fresh key makes another issuer of it.
///
/// # Errors
/// [`Error::Conflict`] if the key cannot go to that state. [`Error::Unavailable`] if the signer does not answer: the key keeps its state
/// until it is said again, so that it can still sign that everything is revoked.
pub async fn change_key_state(
    house: &House,
    organisation: &Organisation,
    id: KeyId,
    state: KeyState,
) -> Result<Key, Error> {
    let key = house.store.key(id).await?.filter(|key| key.organisation == organisation.id);
    let key = key.ok_or(Error::NotFound("key"))?;
    if key.state == state {
        return Ok(key);
    }
    check_change(key.state, state)?;
    if state == KeyState::Compromised && key.state == KeyState::Active {
        match organisation.issuer {
            Issuer::DidKey => revoke_everything(house, organisation).await?,
            Issuer::DidWeb { .. } => drop(rotate(house, organisation).await?),
        }
    }
    house.store.set_key_state(id, state).await?;
    if state == KeyState::Compromised {
        house.store.renew_status_lists(organisation.id).await?;
        house.bell.ring(Work::Statuses);
    }
    house.bell.ring(Work::Awards);
    Ok(Key { state, ..key })
}

/// The last that a `did:key` signs: that nothing it signed counts any more.
async fn revoke_everything(house: &House, organisation: &Organisation) -> Result<(), Error> {
    let mut told = HashSet::new();
    loop {
        // Again and again: whoever issues meanwhile opens a list, because the others give no places away any more.
        let mut lists = house.store.void_status_lists(organisation.id).await?;
        lists.retain(|list| told.insert(*list));
        if lists.is_empty() {
            return Ok(());
        }
        for list in lists {
            publish_as_void(house, list).await?;
        }
    }
}

async fn publish_as_void(house: &House, list: StatusListId) -> Result<(), Error> {
    match status::publish(house, list).await {
        Err(error @ (Error::Unavailable(_) | Error::Store(_))) => Err(error),
        // A key that nobody can open cannot say it. It must be declared lost all the same; the lists wait for the next key.
        Err(error) => {
            tracing::error!(%list, %error, "a status list cannot say that its key is lost");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn check_change(before: KeyState, after: KeyState) -> Result<(), Error> {
    let conflict = |why: &str| Err(Error::Conflict(why.to_owned()));
    match (before, after) {
        (_, KeyState::Active) => conflict("a key does not become active again: add a fresh one"),
        (KeyState::Compromised, _) => conflict("a compromised key stays compromised"),
        (KeyState::Active, KeyState::Retiring | KeyState::Retired) => {
            conflict("the active key retires when a fresh one takes over: add one")
        }
        (KeyState::Retired, KeyState::Retiring) => conflict("a retired key stays retired"),
        _ => Ok(()),
    }
}
