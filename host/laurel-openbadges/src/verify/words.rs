//! A report in the words that people are shown, the same wherever a badge is verified.

use serde::Serialize;

use super::report::{CheckId, Outcome, Report, Verdict};

/// How an answer is to be taken, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// All is well.
    Good,
    /// Something is not known, or is so only for now.
    Warn,
    /// It is not to be relied on.
    Bad,
}

impl Tone {
    /// `good`, `warn` or `bad`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A report in one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// How it is to be taken.
    pub tone: Tone,
    /// The sentence.
    pub words: &'static str,
}

impl Report {
    /// The whole answer in one sentence: the verdict, and what weighs most where it is not valid.
    pub fn headline(&self) -> Headline {
        let failed = |id| self.outcome(id) == Some(Outcome::Fail);
        let (tone, words) = match self.verdict {
            Verdict::Valid => (Tone::Good, "This credential is valid."),
            Verdict::Unknown => (Tone::Warn, "This credential could not be checked completely."),
            Verdict::Invalid if failed(CheckId::Parse) => (Tone::Bad, "This is not a credential."),
            Verdict::Invalid if failed(CheckId::Proof) => {
                (Tone::Bad, "This credential is not genuine, or it was changed.")
            }
            Verdict::Invalid if self.revoked => (Tone::Bad, "This credential was revoked."),
            Verdict::Invalid if self.suspended => (Tone::Warn, "This credential is suspended."),
            Verdict::Invalid if failed(CheckId::Dates) => (Tone::Warn, "This credential is not valid at this time."),
            Verdict::Invalid => (Tone::Bad, "This credential is not valid."),
        };
        Headline { tone, words }
    }
}

impl CheckId {
    /// The question, as people ask it.
    pub fn question(self) -> &'static str {
        match self {
            Self::Parse => "Can it be read?",
            Self::Schema => "Is it a complete credential?",
            Self::Proof => "Is it unchanged since it was signed?",
            Self::Dates => "Is it valid now?",
            Self::Status => "Has it been revoked or suspended?",
            Self::Issuer => "Does the key belong to the issuer?",
            Self::Holder => "Does the key belong to who shows it?",
            Self::Resources => "Is what it refers to unchanged?",
            Self::Endorsements => "Are its endorsements genuine?",
            Self::Recipient => "Who earned it?",
        }
    }
}

impl Outcome {
    /// How it is to be taken.
    pub fn tone(self) -> Tone {
        match self {
            Self::Pass => Tone::Good,
            Self::Fail => Tone::Bad,
            Self::NotChecked => Tone::Warn,
        }
    }

    /// The answer to the question, in a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "Passed",
            Self::Fail => "Failed",
            Self::NotChecked => "Not checked",
        }
    }
}
