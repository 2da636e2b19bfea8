//! The host's own events in the log. Being events, they take effect under the lease and in order, like everything else.

use serde::Deserialize;

use super::Effects;
use super::fold::{FoldEvent, fold};
use super::settle::Settling;
use super::step::{StepError, Worker, resume};
use crate::error::Error;
use crate::events::{LogEvent, MERGE_IN, MERGE_OUT, RESERVED_PREFIX, RETRY, SKIP};
use crate::id::{Partition, RuleId};
use crate::rules::{RuleMode, kind_matches};

/// Whether the pipeline itself, not a rule, is spoken to. Nobody outside can send such an event.
pub(super) fn is_control(event: &LogEvent) -> bool {
    event.kind.starts_with(RESERVED_PREFIX)
}

#[derive(Deserialize)]
struct MergeIn {
    partition: Partition,
    seq: i64,
}

#[derive(Deserialize)]
struct AboutRule {
    rule: RuleId,
}

impl Worker {
    /// The effects of a control event; none while it has to wait.
    pub(super) async fn control(&mut self, event: &LogEvent) -> Result<Option<Effects>, StepError> {
        match event.kind.as_ref() {
            MERGE_OUT => self.merge_out(event).await.map(Some),
            MERGE_IN => self.merge_in(event).await,
            RETRY => self.retry(event).await.map(Some),
            SKIP => self.skip(event).await.map(Some),
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
        let out: MergeIn = read(event)?;
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

    /// Folds one rule for one subject from the beginning. For a pair that is not parked this changes nothing.
    async fn retry(&mut self, event: &LogEvent) -> Result<Effects, StepError> {
        let about: AboutRule = read(event)?;
        let mut effects = Effects::default();
        self.refold(about.rule, event, &mut effects).await?;
        Ok(effects)
    }

    /// Goes on from the stored state, leaving out the event it is parked at.
    async fn skip(&mut self, event: &LogEvent) -> Result<Effects, StepError> {
        let about: AboutRule = read(event)?;
        let mut effects = Effects::default();
        let states = self.house.store.states(&[about.rule], &[event.subject]).await?;
        let Some(stored) = states.into_iter().next() else { return Ok(effects) };
        let Some(blocked_from) = stored.blocked_from else { return Ok(effects) };
        let history = self.history(&[event.subject], event).await?;
        let Some(active) = self.book.rule(about.rule).filter(|active| active.rule.mode == RuleMode::Active) else {
            return Ok(effects);
        };
        let wanted = |past: &&LogEvent| {
            past.partition == event.partition && past.seq > blocked_from && kind_matches(&active.rule.kinds, &past.kind)
        };
        let events: Vec<FoldEvent> = history.iter().filter(wanted).map(FoldEvent::from_log).collect();
        let mut folded = resume(Some(stored));
        folded.progress = Some(Vec::new());
        folded.state.get_or_insert_default();
        let result = fold(self.criteria(active), &mut folded, &events, Some(event.received));
        let stopped = result.err().map(|error| {
            let at = error.index.and_then(|index| events.get(index));
            (at.map_or(event.seq, |event| event.event.seq), error)
        });
        let fold = Settling { rule: about.rule, subject: event.subject, partition: event.partition, folded, stopped };
        self.settle(vec![fold], &mut effects).await?;
        Ok(effects)
    }
}

fn read<'e, T: Deserialize<'e>>(event: &'e LogEvent) -> Result<T, Error> {
    let data = event.data.as_deref().unwrap_or("null");
    serde_json::from_str(data).map_err(|why| Error::Internal(format!("{} cannot be read: {why}", event.kind)))
}
