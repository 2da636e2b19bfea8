//! Publishes status lists that changed: on a tick, so that revocations of one tick appear together; at once where a list is of no use
//! to verifiers as it is.

use laurel_openbadges::status::{Bitstring, StatusListCredential};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

use super::{Changed, ChangedList, Purpose, StatusDocument, Topic, address};
use crate::awards::IssuerIdentity;
use crate::credentials::{Key, SigningJob, sign_one};
use crate::error::Error;
use crate::house::House;
use crate::id::StatusListId;
use crate::organisations::{Organisation, StatusEntries};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Lists looked up at once.
const AT_ONCE: usize = 64;

/// How long a list that cannot be published is left alone, in milliseconds.
const ASIDE: i64 = 10_000;

/// Publishes in the background. It remembers what cannot be published, so that an organisation without a usable key holds up nobody
/// else's lists.
#[derive(Debug)]
pub struct Publisher {
    house: House,
    aside: HashSet<StatusListId>,
    aside_until: Timestamp,
}

impl Publisher {
    /// One that has tried nothing yet.
    pub fn new(house: House) -> Self {
        Self { house, aside: HashSet::new(), aside_until: Timestamp(0) }
    }

    /// Signs and stores what changed; returns how many lists.
    ///
    /// # Errors
    /// If the store or the signer does not answer: then no list fares better than another.
    pub async fn step(&mut self, which: Changed) -> Result<usize, Error> {
        if self.house.clock.now() >= self.aside_until {
            self.aside.clear();
        }
        let mut published = 0;
        let mut after = None;
        loop {
            let lists = self.house.store.changed_status_lists(which, after, AT_ONCE).await?;
            let Some(last) = lists.last() else { return Ok(published) };
            after = Some(*last);
            for list in lists {
                published += usize::from(self.publish(list).await?);
            }
        }
    }

    /// Whether it could be published.
    async fn publish(&mut self, list: StatusListId) -> Result<bool, Error> {
        if self.aside.contains(&list) {
            return Ok(false);
        }
        match publish(&self.house, list).await {
            Ok(()) => Ok(true),
            Err(error) if is_everybodys(&error) => Err(error),
            Err(error) => {
                tracing::error!(%list, %error, "a status list cannot be published; it waits");
                self.aside.insert(list);
                self.aside_until = self.house.clock.now().plus_millis(ASIDE);
                Ok(false)
            }
        }
    }
}

/// Whether every other list would fail in the same way.
fn is_everybodys(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_) | Error::Store(StoreError::Busy | StoreError::Database(_)))
}

/// Signs and stores one list, if it changed.
pub(crate) async fn publish(house: &House, list: StatusListId) -> Result<(), Error> {
    let Some(changed) = house.store.changed_status_list(list).await? else { return Ok(()) };
    let id = changed.list.organisation;
    let organisation = house.store.organisation(id).await?.ok_or(Error::NotFound("organisation"))?;
    let key = house.store.active_key(id).await?;
    let key = key.ok_or_else(|| Error::Conflict("the organisation has no active key".into()))?;
    let identity = IssuerIdentity::of(&organisation, &key.public).map_err(|why| Error::Internal(why.to_string()))?;
    let press = Press { house, changed: &changed, organisation: &organisation, key: &key, identity };
    let now = house.clock.now();
    let mut documents = Vec::new();
    for topic in Topic::of(changed.list.entries) {
        documents.extend(press.document(topic, now).await?);
    }
    house.store.publish_status_list(&changed, &documents, now).await?;
    Ok(())
}

/// What the documents of one list are made from.
struct Press<'a> {
    house: &'a House,
    changed: &'a ChangedList,
    organisation: &'a Organisation,
    key: &'a Key,
    identity: IssuerIdentity,
}

impl Press<'_> {
    /// The document for one topic, unless what is published says the same already.
    async fn document(&self, topic: Topic, now: Timestamp) -> Result<Option<StatusDocument>, Error> {
        let bits = self.bits(topic)?;
        let digest = self.digest(&bits);
        if self.changed.digests.contains(&(topic, digest)) {
            return Ok(None);
        }
        let job = SigningJob {
            document: &self.unsigned(&bits, topic, now),
            suite: self.organisation.suite.of_status_lists(),
            verification_method: &self.identity.verification_method,
            created: now,
        };
        let bytes = sign_one(self.house, self.key, job).await??;
        Ok(Some(StatusDocument { topic, digest, bytes }))
    }

    fn bits(&self, topic: Topic) -> Result<Bitstring, Error> {
        let internal = |why: laurel_openbadges::status::BitstringError| Error::Internal(why.to_string());
        let list = &self.changed.list;
        if list.void && topic == Topic::Purpose(Purpose::Revocation) {
            let bytes = usize::try_from(list.size / 8).unwrap_or_default();
            return Bitstring::from_bytes(vec![0xff; bytes]).map_err(internal);
        }
        let mut bits = Bitstring::new(u64::from(list.size)).map_err(internal)?;
        let mut set = |topic| {
            self.changed.indexes(topic).try_for_each(|index| bits.set(u64::from(index), true).map_err(internal))
        };
        set(topic)?;
        if list.entries == StatusEntries::One && topic == Topic::Purpose(Purpose::Revocation) {
            // Nothing else tells verifiers that a credential does not count just now.
            set(Topic::Purpose(Purpose::Suspension))?;
        }
        Ok(bits)
    }

    fn digest(&self, bits: &Bitstring) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.identity.verification_method.as_bytes());
        digest.update([0]);
        digest.update(bits.as_bytes());
        digest.finalize().into()
    }

    fn unsigned(&self, bits: &Bitstring, topic: Topic, now: Timestamp) -> Vec<u8> {
        let credential = StatusListCredential {
            id: address(&self.house.base_url, self.changed.list.public_id, topic),
            issuer: self.identity.id.clone(),
            purpose: topic.purpose(),
            valid_from: now.to_second(),
            valid_until: None,
            ttl_millis: None,
        };
        credential.to_bytes(bits)
    }
}
