//! What a published list tells.

use std::fmt;
use std::str::FromStr;

use laurel_openbadges::status::StatusPurpose;

use super::Purpose;
use crate::organisations::StatusEntries;

/// The most messages an organisation has.
pub const MESSAGES: u8 = 3;

/// What one publication of a list tells: a list is published once for each topic, with the same indexes. Every entry is one bit, also
/// of a message: verifiers that know nothing of longer entries read it rightly.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Topic {
    /// Whether a credential counts.
    Purpose(Purpose),
    /// Whether its refresh service has a newer credential. Says nothing about whether this one counts, and is not taken back.
    Refresh,
    /// Whether its issuer says something of it: the message with this number, counted from 0. The words stand in the credential.
    Message(u8),
}

impl Topic {
    /// Every topic, revocation first.
    pub fn all() -> impl Iterator<Item = Self> {
        let purposes = [Purpose::Revocation, Purpose::Suspension].map(Self::Purpose);
        purposes.into_iter().chain([Self::Refresh]).chain((0..MESSAGES).map(Self::Message))
    }

    /// What credentials ask a list about that have so many entries.
    pub(crate) fn of(entries: StatusEntries) -> impl Iterator<Item = Self> {
        let wanted = if entries == StatusEntries::One { 1 } else { usize::MAX };
        Self::all().take(wanted)
    }

    /// The word in a credential.
    pub(crate) fn purpose(self) -> StatusPurpose {
        match self {
            Self::Purpose(purpose) => purpose.into(),
            Self::Refresh => StatusPurpose::Refresh,
            Self::Message(_) => StatusPurpose::Message,
        }
    }
}

/// As in a list's address.
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purpose(purpose) => f.write_str(purpose.as_str()),
            Self::Refresh => f.write_str("refresh"),
            Self::Message(number) => write!(f, "message-{number}"),
        }
    }
}

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(word: &str) -> Result<Self, UnknownTopic> {
        Self::all().find(|topic| topic.to_string() == word).ok_or(UnknownTopic)
    }
}

/// No list is published for this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no status list is published for this")]
pub struct UnknownTopic;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let words: Vec<String> = Topic::all().map(|topic| topic.to_string()).collect();
        assert_eq!(words, ["revocation", "suspension", "refresh", "message-0", "message-1", "message-2"]);
        assert!(Topic::all().all(|topic| topic.to_string().parse() == Ok(topic)));
        assert_eq!("message-3".parse::<Topic>(), Err(UnknownTopic));
    }
}
