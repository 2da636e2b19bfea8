//! Status lists: which credentials are revoked or suspended, without saying whose.

mod change;
mod publish;
mod store;
mod topic;

pub use change::change;
pub use publish::publish;
pub use store::StatusStore;
pub use topic::{MESSAGES, Topic, UnknownTopic};

use laurel_openbadges::status::StatusPurpose;
use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, PublicId, StatusListId};
use crate::time::Timestamp;

/// Entries of a list: 131,072, the least that hides one among many.
pub const LIST_SIZE: u32 = 131_072;

/// What a set bit means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// For ever.
    Revocation,
    /// For now.
    Suspension,
}

impl Purpose {
    /// The word in a credential.
    pub fn as_str(self) -> &'static str {
        StatusPurpose::from(self).as_str()
    }
}

impl From<Purpose> for StatusPurpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Revocation => Self::Revocation,
            Purpose::Suspension => Self::Suspension,
        }
    }
}

/// Where a list is published for one topic.
pub(crate) fn address(base_url: &str, list: PublicId, topic: Topic) -> String {
    format!("{base_url}/status/{list}/{topic}")
}

/// The list and topic of an address of ours.
pub(crate) fn own(base_url: &str, address: &str) -> Option<(PublicId, Topic)> {
    let (list, topic) = address.strip_prefix(base_url)?.strip_prefix("/status/")?.split_once('/')?;
    Some((list.parse().ok()?, topic.parse().ok()?))
}

/// A list of places for credentials. It is published once for each [`Topic`], with the same indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    /// Its id.
    pub id: StatusListId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Whose.
    pub organisation: OrganisationId,
    /// Keys the permutation that spreads indexes, so that neighbours in time are not neighbours in the list.
    pub seed: [u8; 32],
    /// The next counter not yet handed out.
    pub next: u32,
}

/// Counters of a list handed out to one process: `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which list.
    pub list: StatusListId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Its seed.
    pub seed: [u8; 32],
    /// First counter.
    pub first: u32,
    /// One after the last.
    pub end: u32,
}

/// Where the statuses of a credential stand that was issued over the VC-API. The credential itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPlace {
    /// Who issued it.
    pub organisation: OrganisationId,
    /// The credential's `id`.
    pub credential: String,
    /// The list.
    pub list: StatusListId,
    /// Its place there.
    pub index: u32,
    /// What the credential has entries for.
    pub purposes: Vec<Purpose>,
    /// When it was issued.
    pub created: Timestamp,
}

/// A bit to be set, or cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// What the bit means.
    pub purpose: Purpose,
    /// Whether it is to be set.
    pub set: bool,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusOutcome {
    /// It is as wanted.
    Done,
    /// No credential with a status was issued under this id.
    NotIssued,
    /// The credential has no entry for this.
    NoEntry(Purpose),
    /// It was revoked, which is for ever.
    Revoked,
}

/// A list whose published form is out of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedList {
    /// The list.
    pub list: StatusList,
    /// Grows with every change.
    pub revision: i64,
    /// The bits that are set: what each tells, and its index.
    pub set: Vec<(Topic, u32)>,
}

impl ChangedList {
    /// The indexes whose bit is set for one topic.
    pub fn indexes(&self, topic: Topic) -> impl Iterator<Item = u32> {
        self.set.iter().filter(move |(of, _)| *of == topic).map(|(_, index)| *index)
    }
}
