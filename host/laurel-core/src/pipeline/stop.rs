//! What a rule stops at for a subject, and why.

use serde::{Deserialize, Serialize};

use super::ParkedWrite;
use crate::house::House;
use crate::id::{Partition, SubjectId};
use crate::rules::ActiveRule;
use crate::text::readable;
use crate::time::Timestamp;

/// Characters of the reason that is kept.
const MAX_WHY: usize = 1000;

/// What a criteria plugin was called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// An event in the log. Histories of merged subjects come from several partitions.
    Event {
        /// Its partition.
        partition: Partition,
        /// Its place there.
        seq: i64,
    },
    /// The wake-up that was asked for.
    Wake {
        /// For when.
        at: Timestamp,
    },
}

/// Where and why a rule stops for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// What cannot be folded, or what cannot be done about it; none while the rule is paused.
    pub(crate) trigger: Option<Trigger>,
    /// The first sequence number not folded.
    pub(crate) from: i64,
    /// In words.
    pub(crate) why: String,
}

impl Stopped {
    /// At a trigger; `folded` is the last sequence number folded before it.
    pub(crate) fn at(trigger: Trigger, folded: i64, why: String) -> Self {
        let from = match trigger {
            Trigger::Event { seq, .. } => seq,
            Trigger::Wake { .. } => folded + 1,
        };
        Self { trigger: Some(trigger), from, why }
    }

    /// Because the rule is paused, or its installation disabled.
    pub(crate) fn paused(from: i64) -> Self {
        Self { trigger: None, from, why: "the rule is paused".to_owned() }
    }

    /// Because another plugin made the state it would go on from: it waits to be folded again.
    pub(crate) fn replaced(from: i64) -> Self {
        Self { trigger: None, from, why: "its plugin was replaced: it folds again".to_owned() }
    }

    /// As it is written down. A plugin's words may hold anything.
    pub(super) fn park(
        self,
        rule: &ActiveRule,
        subject: SubjectId,
        partition: Partition,
        house: &House,
    ) -> ParkedWrite {
        let error = readable(&self.why, MAX_WHY);
        tracing::warn!(rule = %rule.rule.id, %subject, from = self.from, why = error, "parked");
        ParkedWrite {
            rule: rule.rule.id,
            subject,
            partition,
            organisation: rule.rule.organisation,
            blocked_from: self.from,
            trigger: self.trigger,
            error,
            at: house.clock.now(),
        }
    }
}
