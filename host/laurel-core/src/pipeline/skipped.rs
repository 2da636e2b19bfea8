//! What the operator has told a rule to leave out. It stands in the log, so every later refold leaves it out too.

use std::collections::HashSet;

use super::Trigger;
use crate::events::{AboutRule, LogEvent, SKIP};
use crate::id::{Partition, RuleId};
use crate::time::Timestamp;

/// The triggers that one rule skips in a history.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    events: HashSet<(Partition, i64)>,
    /// Wake-ups that do not fire.
    pub(super) wakes: Vec<Timestamp>,
}

impl Skipped {
    /// Gathers them from a history.
    pub(super) fn by(rule: RuleId, history: &[LogEvent]) -> Self {
        let mut skipped = Self::default();
        for event in history.iter().filter(|event| event.kind.as_ref() == SKIP) {
            match AboutRule::read(event) {
                Ok(AboutRule { rule: about, trigger: Some(trigger) }) if about == rule => skipped.add(trigger),
                _ => {}
            }
        }
        skipped
    }

    fn add(&mut self, trigger: Trigger) {
        match trigger {
            Trigger::Event { partition, seq } => {
                self.events.insert((partition, seq));
            }
            Trigger::Wake { at } => self.wakes.push(at),
        }
    }

    /// Whether the event is left out.
    pub(super) fn has(&self, event: &LogEvent) -> bool {
        self.events.contains(&(event.partition, event.seq))
    }
}
