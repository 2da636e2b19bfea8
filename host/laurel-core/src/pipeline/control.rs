//! The host's own events in the log. Being events, they take effect under the lease and in order, like everything else.

use serde::Deserialize;

use super::Effects;
use super::step::{StepError, Worker};
use crate::events::{AboutRule, LogEvent, MERGE_IN, MERGE_OUT, RESERVED_PREFIX, RETRY, SKIP};
use crate::id::{Partition, RuleId};

/// Whether the pipeline itself, not a rule, is spoken to. Nobody outside can send such an event.
pub(super) fn is_control(event: &LogEvent) -> bool {
    event.kind.starts_with(RESERVED_PREFIX)
}

#[derive(Deserialize)]
struct MergeIn {
    partition: Partition,
    seq: i64,
}

impl Worker {
    /// The effects of a control event; none while it has to wait.
    pub(super) async fn control(&mut self, event: &LogEvent) -> Result<Option<Effects>, StepError> {
        match event.kind.as_ref() {
            MERGE_OUT => self.merge_out(event).await.map(Some),
            MERGE_IN => self.merge_in(event).await,
            RETRY | SKIP => self.again(event).await.map(Some),
            unknown => {
                // Written by a newer host: it knows what to do, this one must not guess, nor stop everybody.
                tracing::error!(
                    kind = unknown,
                    partition = event.partition.0,
                    seq = event.seq,
                    "unknown control event passed by"
                );
                Ok(Some(Effects::default()))
            }
        }
    }

    /// The loser's states are forgotten: from here on its history counts as the winner's.
    async fn merge_out(&mut self, event: &LogEvent) -> Result<Effects, StepError> {
        let rules: Vec<RuleId> = self.book.of(event.organisation).map(|active| active.rule.id).collect();
        let states = self.house.store.states(&rules, &[event.subject]).await?;
        let forgotten = states.into_iter().map(|state| (state.rule, state.subject)).collect();
        Ok(Effects { forgotten, ..Effects::default() })
    }

    /// The winner waits until the loser's partition has passed `merge-out`, then every rule refolds both histories.
    async fn merge_in(&mut self, event: &LogEvent) -> Result<Option<Effects>, StepError> {
        let out: MergeIn = event.body()?;
        let cursor = self.house.store.cursor(out.partition).await?;
        if out.partition != event.partition && cursor < out.seq {
            return Ok(None);
        }
        let rules: Vec<RuleId> = self.book.of(event.organisation).map(|active| active.rule.id).collect();
        let mut effects = Effects::default();
        for rule in rules {
            self.refold(rule, event, &mut effects).await?;
        }
        Ok(Some(effects))
    }

    /// Folds one rule for one subject from the beginning, without what was skipped up to now. For a pair that is not parked a retry
    /// changes nothing.
    async fn again(&mut self, event: &LogEvent) -> Result<Effects, StepError> {
        let mut effects = Effects::default();
        self.refold(AboutRule::read(event)?.rule, event, &mut effects).await?;
        Ok(effects)
    }
}
