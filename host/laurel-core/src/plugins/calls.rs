//! What goes into a plugin and what comes out, free of any WIT version. The meaning of each field is in `wit/`.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::error::Problem;
use crate::subjects::{Identifier, SubjectKind};
use crate::time::Timestamp;

/// What an earner must do, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requirement {
    /// Stable for given settings.
    pub id: String,
    /// The words.
    pub text: String,
}

/// What a criteria plugin says of settings.
pub type Checked = Result<Vec<Requirement>, Vec<Problem>>;

/// An event as criteria see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriteriaEvent {
    /// Id within its source.
    pub id: Arc<str>,
    /// Who said so.
    pub source: Arc<str>,
    /// `course.completed`, …
    pub kind: Arc<str>,
    /// When it happened.
    pub time: Timestamp,
    /// When it became durable; the fold's `now`.
    pub received: Timestamp,
    /// Place in the partition's log.
    pub seq: i64,
    /// Canonical body, JSON.
    pub data: Arc<str>,
}

/// What came of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The new state.
    pub state: Vec<u8>,
    /// How many events were folded.
    pub consumed: usize,
    /// What is to be done.
    pub decisions: Vec<Decision>,
    /// How far the subject is.
    pub progress: Vec<Progress>,
    /// The next wake-up.
    pub wake: Option<Timestamp>,
}

/// An outcome and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// The outcome.
    pub outcome: Outcome,
    /// Fuel burnt: the same for the same input on every machine.
    pub fuel: u64,
}

/// How far the subject is on the way to one requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The requirement's id.
    pub requirement: String,
    /// Reached.
    pub current: f64,
    /// Wanted.
    pub target: f64,
}

/// What a criteria plugin decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Give the achievement.
    Award(Award),
    /// Take it back for ever.
    Revoke(Change),
    /// Take it back for now.
    Suspend(Change),
    /// Lift a suspension.
    Reinstate(Change),
    /// Give points.
    Points(Points),
}

impl Decision {
    /// What the decision is about, for the rule and the subject.
    pub fn key(&self) -> &str {
        match self {
            Self::Award(award) => &award.key,
            Self::Revoke(change) | Self::Suspend(change) | Self::Reinstate(change) => &change.key,
            Self::Points(points) => &points.key,
        }
    }
}

/// Give the achievement; the same key again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Unique per rule and subject.
    pub key: String,
    /// End of validity.
    pub valid_until: Option<Timestamp>,
    /// JSON object: `evidence`, `results`, `narrative`.
    pub details: String,
}

/// Change an award's standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The award's key.
    pub key: String,
    /// Why, in words.
    pub reason: String,
}

/// Points; the same key again replaces the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// Unique per rule and subject.
    pub key: String,
    /// How many; may be negative.
    pub amount: i64,
    /// What for.
    pub reason: String,
}

/// A header of a request or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Compared without regard to case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A partner's request.
#[derive(Clone, Debug)]
pub struct HookRequest {
    /// `POST`, …
    pub method: String,
    /// As the sender wrote it: external base URL, path and raw query.
    pub url: String,
    /// What follows the installation.
    pub path: String,
    /// All of them.
    pub headers: Vec<Header>,
    /// Raw.
    pub body: Vec<u8>,
    /// The host's clock.
    pub received: Timestamp,
}

/// What the sender is to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<Header>,
    /// Body.
    pub body: Vec<u8>,
}

/// Events taken from a request, and the answer to give once they are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The answer.
    pub response: HookResponse,
    /// The events.
    pub events: Vec<IncomingEvent>,
}

/// An event as a connector translated it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingEvent {
    /// The same fact has the same id.
    pub id: String,
    /// `course.completed`, …
    pub kind: String,
    /// When it happened.
    pub time: Timestamp,
    /// Person or organisation.
    pub subject_kind: SubjectKind,
    /// How to recognise the subject.
    pub identifiers: Vec<Identifier>,
    /// Canonical body, JSON.
    pub data: String,
}

/// Why nothing was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `unsigned`, `bad-signature`, `stale`, `malformed`, `unsupported`, `unavailable`.
    pub reason: String,
    /// What to change.
    pub detail: String,
}
