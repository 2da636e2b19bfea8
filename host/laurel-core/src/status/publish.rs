//! Publishes status lists that changed. Called on a tick, so that revocations of one tick appear together.

use laurel_openbadges::status::{Bitstring, StatusListCredential};

use super::{ChangedList, LIST_SIZE, Topic, address};
use crate::awards::IssuerIdentity;
use crate::credentials::{Key, SigningJob, sign_one};
use crate::error::Error;
use crate::house::House;
use crate::organisations::Organisation;
use crate::time::Timestamp;

/// Lists published at once.
const AT_ONCE: usize = 16;

/// Signs and stores lists that changed; returns how many.
pub async fn publish(house: &House) -> Result<usize, Error> {
    let changed = house.store.changed_status_lists(AT_ONCE).await?;
    for list in &changed {
        publish_one(house, list).await?;
    }
    Ok(changed.len())
}

async fn publish_one(house: &House, changed: &ChangedList) -> Result<(), Error> {
    let id = changed.list.organisation;
    let organisation = house.store.organisation(id).await?.ok_or(Error::NotFound("organisation"))?;
    let key = house.store.active_key(id).await?;
    let key = key.ok_or_else(|| Error::Conflict("the organisation has no active key".into()))?;
    let now = house.clock.now();
    let mut documents = Vec::new();
    for topic in Topic::all() {
        documents.push((topic, sign(house, changed, &organisation, &key, topic, now).await?));
    }
    house.store.publish_status_list(&changed.list, changed.revision, &documents, now).await?;
    Ok(())
}

async fn sign(
    house: &House,
    changed: &ChangedList,
    organisation: &Organisation,
    key: &Key,
    topic: Topic,
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let identity = IssuerIdentity::of(organisation, &key.public).map_err(|why| Error::Internal(why.to_string()))?;
    let document = unsigned(house, changed, &identity, topic, now)?;
    let job = SigningJob {
        document: &document,
        suite: organisation.suite.of_status_lists(),
        verification_method: &identity.verification_method,
        created: now,
    };
    Ok(sign_one(house, key, job).await??)
}

fn unsigned(
    house: &House,
    changed: &ChangedList,
    identity: &IssuerIdentity,
    topic: Topic,
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let internal = |why: laurel_openbadges::status::BitstringError| Error::Internal(why.to_string());
    let mut bits = Bitstring::new(u64::from(LIST_SIZE)).map_err(internal)?;
    for index in changed.indexes(topic) {
        bits.set(u64::from(index), true).map_err(internal)?;
    }
    let credential = StatusListCredential {
        id: address(&house.base_url, changed.list.public_id, topic),
        issuer: identity.id.clone(),
        purpose: topic.purpose(),
        valid_from: laurel_openbadges::Timestamp::from_unix_seconds(now.0.div_euclid(1000)),
        valid_until: None,
        ttl_millis: None,
    };
    Ok(credential.to_bytes(&bits))
}
