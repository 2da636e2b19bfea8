//! What was just committed, handed over to be signed without reading it back from the store.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::awards::UnsignedAward;
use crate::bell::Work;
use crate::house::House;
use crate::id::AwardId;

/// So many awards lie in the tray at most. A document has a few kilobytes, and rarely some dozens.
const ROOM: usize = 4096;

/// Awards of this process that wait for their signature. Like the bell, it is a courtesy: each of them waits in the store as well, where
/// it is found if this process dies, or if the tray had no room.
#[derive(Default)]
pub struct Tray(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    waiting: VecDeque<UnsignedAward>,
    /// Those that wait here, and those that were taken out and are not done.
    under_way: HashSet<AwardId>,
}

impl Tray {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts awards in; false when some did not fit.
    fn put(&self, mut awards: impl Iterator<Item = UnsignedAward>) -> bool {
        let mut contents = self.contents();
        let room = ROOM.saturating_sub(contents.waiting.len());
        for award in awards.by_ref().take(room) {
            contents.under_way.insert(award.id);
            contents.waiting.push_back(award);
        }
        awards.next().is_none()
    }

    /// Takes out the oldest, `max` at most. Until what comes with them is dropped, they are under way.
    pub(super) fn take(&self, max: usize) -> (Vec<UnsignedAward>, UnderWay<'_>) {
        let mut contents = self.contents();
        let count = contents.waiting.len().min(max);
        let taken: Vec<UnsignedAward> = contents.waiting.drain(..count).collect();
        let awards = taken.iter().map(|award| award.id).collect();
        (taken, UnderWay { tray: self, awards })
    }

    /// What somebody who looks into the store leaves alone: it is being signed.
    pub(super) fn under_way(&self) -> HashSet<AwardId> {
        self.contents().under_way.clone()
    }
}

/// Awards that somebody signs. When it is dropped, however that comes about, they are stored or left to be found in the store.
#[derive(Debug)]
pub(super) struct UnderWay<'t> {
    tray: &'t Tray,
    awards: Vec<AwardId>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut contents = self.tray.contents();
        for award in &self.awards {
            contents.under_way.remove(award);
        }
    }
}

impl fmt::Debug for Tray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tray")
    }
}

/// Hands over what was committed and is not signed yet.
pub(crate) fn hand_to_signers(house: &House, awards: impl Iterator<Item = UnsignedAward>) {
    let all = house.tray.put(awards);
    house.bell.ring(Work::Tray);
    if !all {
        house.bell.ring(Work::Awards);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::awards::UnsignedDocument;
    use crate::id::{KeyId, OrganisationId, PublicId, StatusListId};
    use crate::organisations::Suite;
    use crate::time::Timestamp;

    fn award(number: u128) -> UnsignedAward {
        let id = Uuid::from_u128(number);
        let document = UnsignedDocument {
            bytes: b"{}".to_vec(),
            suite: Suite::EddsaJcs2022,
            key: KeyId(id),
            verification_method: String::new(),
            created: Timestamp(0),
            status_list: StatusListId(id),
            status_index: 0,
        };
        UnsignedAward { id: AwardId(id), public_id: PublicId(id), organisation: OrganisationId(id), document }
    }

    #[test]
    fn what_has_no_room_is_told_and_what_is_taken_is_under_way_until_done() {
        let tray = Tray::default();
        let room = ROOM as u128;
        assert!(tray.put((0..room).map(award)));
        assert!(!tray.put((room..=room).map(award)));
        let (taken, under_way) = tray.take(10);
        assert_eq!(taken[9], award(9));
        assert!(tray.put((room..room + 10).map(award)));
        assert_eq!(tray.under_way().len(), ROOM + 10);
        drop(under_way);
        assert_eq!(tray.under_way().len(), ROOM);
        assert_eq!(tray.take(usize::MAX).0.len(), ROOM);
        assert!(tray.take(1).0.is_empty());
        assert!(tray.under_way().is_empty());
    }
}
