//! Places in status lists: blocks of counters are taken from the store, a keyed permutation spreads them over the list.

use laurel_openbadges::status::{StatusEntry, permute};
use std::collections::HashMap;

use crate::credentials::Key;
use crate::error::Error;
use crate::house::House;
use crate::id::{KeyId, OrganisationId, PublicId, StatusListId};
use crate::organisations::StatusEntries;
use crate::status::{self, Block, Topic};

/// Counters taken at once. What is left of a block when a process ends is never used.
const BLOCK: u32 = 256;

/// A place in a status list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The list.
    pub(crate) list: StatusListId,
    /// Its id in URLs.
    pub(crate) public_id: PublicId,
    /// How many entries a credential has that takes this place.
    pub(crate) entries: StatusEntries,
    /// The index.
    pub(crate) index: u32,
}

impl Place {
    /// What a credential says of its place in the list for one topic.
    pub(crate) fn entry(&self, base_url: &str, topic: Topic) -> StatusEntry {
        let list = status::address(base_url, self.public_id, topic);
        StatusEntry::new(list, topic.purpose(), u64::from(self.index))
    }
}

/// The blocks one worker holds. Another key starts with another block: the lists may be void that the one before led to.
#[derive(Debug, Default)]
pub(crate) struct Places {
    blocks: HashMap<(OrganisationId, KeyId, StatusEntries), Block>,
}

impl Places {
    /// A place nobody else gets, for a credential that `key` signs.
    pub(crate) async fn take(
        &mut self,
        house: &House,
        key: &Key,
        entries: StatusEntries,
        want: u32,
    ) -> Result<Place, Error> {
        let holder = (key.organisation, key.id, entries);
        let block = match self.blocks.get_mut(&holder) {
            Some(block) if block.first < block.end => block,
            _ => {
                let block = take_block(house, key.organisation, entries, want.clamp(1, BLOCK)).await?;
                self.blocks.entry(holder).insert_entry(block).into_mut()
            }
        };
        let counter = block.first;
        block.first += 1;
        let index = permute(&block.seed, u64::from(counter), u64::from(block.size));
        let index = u32::try_from(index).map_err(|_| Error::Internal("status index out of range".into()))?;
        Ok(Place { list: block.list, public_id: block.public_id, entries, index })
    }
}

async fn take_block(
    house: &House,
    organisation: OrganisationId,
    entries: StatusEntries,
    want: u32,
) -> Result<Block, Error> {
    if let Some(block) = house.store.take_status_block(organisation, entries, want).await? {
        return Ok(block);
    }
    status::open(house, organisation, entries).await?;
    let block = house.store.take_status_block(organisation, entries, want).await?;
    block.ok_or_else(|| Error::Internal("a fresh status list has no place".into()))
}
