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

    /// The same, where the faulty part stands deeper in the caller's document.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        self.pointer.insert_str(0, place);
        self
    }
}

/// The JSON pointer (RFC 6901) of the place where a document could not be read.
pub fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// Gathers what is wrong with an input, place by place.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<Problem>);

impl Faults {
    /// Notes what a check found at a place.
    pub(crate) fn check(&mut self, place: impl Into<String>, result: Result<(), String>) {
        self.0.extend(result.err().map(|message| Problem::at(place, message)));
    }

    /// Checks what may be left out.
    pub(crate) fn optional(
        &mut self,
        place: impl Into<String>,
        value: Option<&String>,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) {
        self.check(place, value.map_or(Ok(()), |value| check(value)));
    }

    /// Checks a list of at most so many: each item by itself, its faults below its place.
    pub(crate) fn each<T>(&mut self, place: &str, items: &[T], most: usize, check: impl Fn(&T) -> Vec<Problem>) {
        if items.len() > most {
            self.0.push(Problem::at(place, format!("{most} are the most; there are {}", items.len())));
        }
        for (index, item) in items.iter().enumerate() {
            let at = format!("{place}/{index}");
            self.0.extend(check(item).into_iter().map(|problem| problem.below(&at)));
        }
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

    /// The same, where the faulty part stands deeper in the caller's document.
    #[must_use]
    pub fn below(self, place: &str) -> Self {
        match self {
            Self::Invalid(problems) => {
                Self::Invalid(problems.into_iter().map(|problem| problem.below(place)).collect())
            }
            other => other,
        }
    }
}
