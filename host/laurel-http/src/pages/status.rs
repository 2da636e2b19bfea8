//! Whether an award counts, in words and a colour.

use laurel_core::awards::{Award, Standing};
use laurel_core::credentials::Shown;
use laurel_core::time::Timestamp;

/// How an award stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It counts.
    Valid,
    /// Its time is over.
    Expired,
    /// It does not count for now.
    Suspended,
    /// It does not count any more.
    Revoked,
    /// Another award took its place.
    Superseded,
    /// The key that signed it got into wrong hands.
    Unbelievable,
}

impl Status {
    /// Of an award at a moment.
    pub(crate) fn of(award: &Award, now: Timestamp) -> Self {
        match award.standing {
            Standing::Revoked => Self::Revoked,
            Standing::Superseded => Self::Superseded,
            _ if award.valid_until.is_some_and(|until| until <= now) => Self::Expired,
            Standing::Suspended => Self::Suspended,
            Standing::Active => Self::Valid,
        }
    }

    /// Of a credential at a moment.
    pub(crate) fn of_credential(shown: &Shown, now: Timestamp) -> Self {
        match Self::of(&shown.award, now) {
            status if !shown.key_lost || status == Self::Revoked => status,
            _ => Self::Unbelievable,
        }
    }

    /// Whether it counts.
    pub(crate) fn is_valid(self) -> bool {
        self == Self::Valid
    }

    /// In one word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Valid => "Valid",
            Self::Expired => "Expired",
            Self::Suspended => "Suspended",
            Self::Revoked => "Revoked",
            Self::Superseded => "Superseded",
            Self::Unbelievable => "Not valid",
        }
    }

    /// The colour and sign of the style sheet: `good`, `warn` or `bad`.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::Valid => "good",
            Self::Expired | Self::Suspended | Self::Superseded => "warn",
            Self::Revoked | Self::Unbelievable => "bad",
        }
    }
}
