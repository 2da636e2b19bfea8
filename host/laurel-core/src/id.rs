//! Identifiers. Internal ids are UUIDv7, so that rows made together lie together; public ids are 128 random bits, so that
//! nobody can guess a neighbour's.

use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::random::Random;
use crate::time::Timestamp;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh UUIDv7.
            pub fn new(at: Timestamp, random: &dyn Random) -> Self {
                Self(uuid_v7(at, random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// An issuing organisation.
    OrganisationId
    /// A person or an organisation that events are about.
    SubjectId
    /// What can be earned.
    AchievementId
    /// One immutable text of an achievement.
    VersionId
    /// Achievement + criteria plugin + settings.
    RuleId
    /// A plugin in one organisation, with settings, secrets and grants.
    InstallationId
    /// The act of awarding a credential.
    AwardId
    /// The act of awarding an engagement badge.
    EngagementId
    /// A signing key.
    KeyId
    /// A picture: a digest of its organisation and content.
    ImageId
    /// A list of statuses.
    StatusListId
    /// An API token.
    TokenId
    /// A row of the outbox.
    OutboxId
    /// What an earner lets one client do.
    ConnectionId
    /// A credential of another issuer that an earner keeps here.
    KeptId
    /// What an event proposed of an identity.
    ProposalId
    /// An endorsement or a learner record.
    IssuedId
}

fn uuid_v7(at: Timestamp, random: &dyn Random) -> Uuid {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.0).unwrap_or(0), &bytes).into_uuid()
}

/// What the public sees of a credential, a status list or a subject: 128 random bits, 32 hexadecimal digits in a URL.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PublicId(pub Uuid);

impl PublicId {
    /// A fresh one.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl Serialize for PublicId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for PublicId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self)
    }
}

/// One of the log's [`PARTITIONS`] partitions. Every subject lives in one; order is kept within it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Partition(pub i32);

/// How many partitions the log has. Fixed for the life of an installation.
pub const PARTITIONS: i32 = 64;

impl Partition {
    /// Where a new subject lives: a hash of its id, so that neighbours spread.
    pub fn of(subject: SubjectId) -> Self {
        // FNV-1a: small, stable for ever (the result is stored), and good enough for 64 buckets.
        let hash = subject
            .0
            .as_bytes()
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        Self(i32::try_from((hash ^ (hash >> 32)) % 64).unwrap_or(0))
    }

    /// Every partition, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..PARTITIONS).map(Self)
    }
}

/// A set of partitions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Partitions(u64);

impl Partitions {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether this one is among them.
    pub fn contains(self, partition: Partition) -> bool {
        self.0 >> (partition.0 & 63) & 1 == 1
    }

    /// As the bits of a number: `(bits >> partition) & 1` in SQL asks whether a partition is among them.
    pub fn bits(self) -> i64 {
        self.0.cast_signed()
    }
}

impl FromIterator<Partition> for Partitions {
    fn from_iter<I: IntoIterator<Item = Partition>>(partitions: I) -> Self {
        Self(partitions.into_iter().fold(0, |bits, partition| bits | 1 << (partition.0 & 63)))
    }
}
