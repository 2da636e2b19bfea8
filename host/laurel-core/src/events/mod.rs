//! The event log: gapless, durable, in order per partition, each event once.

mod admit;
mod cloudevents;
mod log;
mod receive;
mod resume;
mod take;
mod unpark;

pub use admit::MAX_AHEAD_MILLIS;
pub use cloudevents::{CloudEvent, accept};
pub use log::{
    Advance, AppendError, Batch, CommitError, Committed, EventLog, Lease, ParkedRule, Resumable, StoredProgress,
    StoredState,
};

pub use receive::{Received, receive};
pub use resume::resume;
pub(crate) use take::take;
pub(crate) use unpark::AboutRule;
pub use unpark::{Unpark, unpark};

use serde::Deserialize;
use std::sync::Arc;

use crate::error::Error;
use crate::id::{OrganisationId, Partition, SubjectId};
use crate::subjects::SubjectReference;
use crate::time::Timestamp;

/// An event has at most so many bytes of data.
pub const MAX_DATA: usize = 64 * 1024;

/// Sources and kinds with this prefix are the host's own.
pub const RESERVED_PREFIX: &str = "laurel:";

/// The source of award events.
pub const AWARDS_SOURCE: &str = "laurel:awards";

/// The source of merges.
pub const SUBJECTS_SOURCE: &str = "laurel:subjects";

/// The source of an operator's words to the pipeline.
pub const OPERATOR_SOURCE: &str = "laurel:operator";

/// A merged subject leaves its partition: everything before has been folded.
pub const MERGE_OUT: &str = "laurel:merge-out";

/// A merged subject arrives: its rules refold both histories.
pub const MERGE_IN: &str = "laurel:merge-in";

/// Fold a rule again from the beginning.
pub const RETRY: &str = "laurel:retry";

/// Leave out an event or a wake-up from now on, and fold again from the beginning.
pub const SKIP: &str = "laurel:skip";

/// The wake-up that a fold asked for. Never in the log: derived.
pub const WAKE: &str = "laurel:wake";

/// A cascade of award events stops at this depth.
pub const MAX_DEPTH: i16 = 8;

/// An event to be made durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Whose.
    pub organisation: OrganisationId,
    /// Set by the host from the installation or token.
    pub source: Arc<str>,
    /// With organisation and source, what makes it happen once.
    pub id: String,
    /// `course.completed`, …
    pub kind: String,
    /// When it happened.
    pub time: Timestamp,
    /// Whom it is about.
    pub subject: SubjectReference,
    /// Canonical body, JSON, at most [`MAX_DATA`] bytes.
    pub data: String,
    /// 0 from outside; one more for each award that led to it.
    pub depth: i16,
}

/// Where an event stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its partition.
    pub partition: Partition,
    /// Its sequence number there, from 1, without gaps.
    pub seq: i64,
    /// When it became durable; monotone per partition.
    pub received: Timestamp,
    /// Whom it was attributed to.
    pub subject: SubjectId,
}

/// What came of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Durable now.
    New(Receipt),
    /// The same event was durable before: its first receipt.
    Duplicate(Receipt),
    /// Another event (kind, time, data or subject differ) has this id. Nothing was written.
    Conflict(Receipt),
}

impl Appended {
    /// The receipt, if the event was not in the log before.
    pub fn if_new(self) -> Option<Receipt> {
        if let Self::New(receipt) = self { Some(receipt) } else { None }
    }
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Its partition.
    pub partition: Partition,
    /// Its place there.
    pub seq: i64,
    /// Whose.
    pub organisation: OrganisationId,
    /// Whom it was attributed to at append; never rewritten.
    pub subject: SubjectId,
    /// Who said so.
    pub source: Arc<str>,
    /// Id within the source.
    pub id: Arc<str>,
    /// `course.completed`, …
    pub kind: Arc<str>,
    /// When it happened.
    pub time: Timestamp,
    /// When it became durable.
    pub received: Timestamp,
    /// Canonical body, JSON; none when it was erased.
    pub data: Option<Arc<str>>,
    /// Depth of the cascade.
    pub depth: i16,
}

impl LogEvent {
    /// What one of the host's own events says.
    pub(crate) fn body<'e, T: Deserialize<'e>>(&'e self) -> Result<T, Error> {
        let data = self.data.as_deref().unwrap_or("null");
        serde_json::from_str(data).map_err(|why| Error::Internal(format!("{} cannot be read: {why}", self.kind)))
    }
}
