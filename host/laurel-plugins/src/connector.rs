//! What goes into a connector's `delivery`, `sync` and `identity` and what comes out, free of any WIT version. The meaning of each
//! field is in `wit/`.

use laurel_core::plugins::IncomingEvent;
use laurel_core::subjects::{Identifier, SubjectKind};
use laurel_core::time::Timestamp;

/// Something to push to the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable over every attempt.
    pub id: String,
    /// `award.created`, …
    pub kind: String,
    /// When it happened.
    pub time: Timestamp,
    /// Person or organisation.
    pub subject_kind: SubjectKind,
    /// Who the other system may know them as.
    pub identifiers: Vec<Identifier>,
    /// JSON: `achievement`, `award`, `credential`, `reason`.
    pub data: String,
}

/// The push arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The other system's id of what was made there.
    pub reference: Option<String>,
}

/// The push did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryError {
    /// Worth another attempt.
    Retryable {
        /// Not before so many seconds, where the other system said so.
        after: Option<u32>,
        /// Why.
        message: String,
    },
    /// It never will.
    Permanent(String),
}

/// One page of what another system answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// The events.
    pub events: Vec<IncomingEvent>,
    /// Where the next page begins.
    pub cursor: Option<String>,
    /// Whether it is there already.
    pub more: bool,
}

/// There is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncError {
    /// Not before so many seconds.
    Later(u32),
    /// Somebody has to act.
    Broken(String),
}

/// An account that is not linked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The instance's own URL.
    pub home_page: String,
    /// The account's stable id there.
    pub name: String,
}

/// There is no proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityError {
    /// Not before so many seconds.
    Later(u32),
    /// The other system does not know it either.
    UnknownAccount,
    /// Somebody has to act.
    Broken(String),
}
