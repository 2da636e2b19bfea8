//! What a use case can answer instead of a result. The HTTP layer turns each variant into one problem document.

use serde::Serialize;

use crate::store::StoreError;

/// What is wrong with an input, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// JSON pointer (RFC 6901) into the input; empty for the whole.
    pub pointer: String,
    /// What to change.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn at(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// Why a use case did not happen. Nothing was written unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is not the caller's to see: both look the same.
    #[error("there is no {0} with this id here")]
    NotFound(&'static str),
    /// The input has these faults.
    #[error("the input is not valid: {}", .0.first().map_or("", |p| p.message.as_str()))]
    Invalid(Vec<Problem>),
    /// It contradicts what is already there.
    #[error("{0}")]
    Conflict(String),
    /// The caller is not known.
    #[error("a valid token is needed")]
    Unauthorized,
    /// The caller is known but may not do this.
    #[error("this token does not allow it: {0}")]
    Forbidden(String),
    /// The input is larger than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// Too much at once: try again later. Nothing was taken.
    #[error("too many requests at once; try again in {retry_after_seconds} s")]
    Busy {
        /// When to try again.
        retry_after_seconds: u32,
    },
    /// Something this needs does not answer at the moment. Nothing was taken.
    #[error("not available at the moment: {0}")]
    Unavailable(String),
    /// A plugin failed.
    #[error("the plugin failed: {0}")]
    Plugin(String),
    /// A partner's delivery was refused by the connector.
    #[error("{detail}")]
    Refused {
        /// HTTP status to answer.
        status: u16,
        /// Machine-readable: `bad-signature`, `stale`, ….
        reason: String,
        /// What the sender should change.
        detail: String,
    },
    /// The database failed; the caller sees only a trace id.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something that should not happen; the caller sees only a trace id.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// One fault at one place.
    pub fn invalid(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::at(pointer, message)])
    }
}
