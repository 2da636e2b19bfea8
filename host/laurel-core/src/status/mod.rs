//! Status lists: which credentials are revoked, suspended or superseded, without saying whose.

mod change;
mod open;
mod publish;
mod store;
mod topic;

pub use change::change;
pub(crate) use open::open;
pub use publish::Publisher;
pub(crate) use publish::publish;
pub use store::StatusStore;
pub use topic::{MESSAGES, Topic, UnknownTopic};

use laurel_openbadges::status::StatusPurpose;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

use crate::id::{OrganisationId, PublicId, StatusListId};
use crate::organisations::StatusEntries;
use crate::time::Timestamp;

/// How many entries a new list may have; a multiple of 8. Fewer would not hide one among many (Bitstring Status List 1.0, section 6.1),
/// and a list with more would not fit into the megabyte that verifiers such as this one take.
pub const SIZES: RangeInclusive<u32> = 131_072..=4_194_304;

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
    /// How many entries the credentials have that name it: with one, the list for revocation tells of suspension too.
    pub entries: StatusEntries,
    /// How many entries it has, for ever.
    pub size: u32,
    /// Keys the permutation that spreads indexes, so that neighbours in time are not neighbours in the list.
    pub seed: [u8; 32],
    /// The next counter not yet handed out.
    pub next: u32,
    /// Every place of it is revoked, for ever, because the key behind it got into wrong hands. It is published once more, and gives no
    /// places away.
    pub void: bool,
}

/// Counters of a list handed out to one process: `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which list.
    pub list: StatusListId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// How many entries a credential has that names it.
    pub entries: StatusEntries,
    /// How many entries it has.
    pub size: u32,
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

/// Which lists are asked for, of those whose published form is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// All of them.
    Any,
    /// Those that verifiers cannot use as they are: never published, or signed with a key that is good no more.
    Urgent,
}

/// A list whose published form is out of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedList {
    /// The list.
    pub list: StatusList,
    /// Grows with every change.
    pub revision: i64,
    /// The revision that was published last; 0 if the next publication is urgent.
    pub published: i64,
    /// The bits that are set: what each tells, and its index.
    pub set: Vec<(Topic, u32)>,
    /// The digests of what is published.
    pub digests: Vec<(Topic, [u8; 32])>,
}

impl ChangedList {
    /// The indexes whose bit is set for one topic.
    pub fn indexes(&self, topic: Topic) -> impl Iterator<Item = u32> {
        self.set.iter().filter(move |(of, _)| *of == topic).map(|(_, index)| *index)
    }
}

/// A list as it is published for one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusDocument {
    /// What it tells.
    pub topic: Topic,
    /// SHA-256 of what it says and who says it how: it need not be signed again as long as this stays.
    pub digest: [u8; 32],
    /// Signed.
    pub bytes: Vec<u8>,
}
