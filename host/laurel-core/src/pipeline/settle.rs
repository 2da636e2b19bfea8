//! Writes down where folds ended: states, what they decided, and where they stopped if they did.

use std::collections::{HashMap, HashSet};

use super::Effects;
use super::decide::{Cause, Unwritten};
use super::fold::Folded;
use super::refold::Existing;
use super::step::{StepError, Worker, write_state};
use super::stop::Stopped;
use crate::id::{Partition, RuleId, SubjectId};

/// A fold that ended.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) rule: RuleId,
    pub(super) subject: SubjectId,
    pub(super) partition: Partition,
    pub(super) folded: Folded,
    /// Where it stopped, if it did.
    pub(super) stopped: Option<Stopped>,
}

/// Awards by one rule that a subject has from those merged into it, by key. They keep their first subject, so a decision about a key
/// must find them by id, and must not award them again.
pub(super) type Inherited = HashMap<String, Existing>;

impl Worker {
    /// Adds the effects of folds.
    pub(super) async fn settle(&mut self, folds: Vec<Settling>, effects: &mut Effects) -> Result<(), StepError> {
        let mut deciding: Vec<SubjectId> =
            folds.iter().filter(|fold| !fold.folded.decisions.is_empty()).map(|fold| fold.subject).collect();
        deciding.sort_unstable();
        deciding.dedup();
        let winners = if deciding.is_empty() { Vec::new() } else { self.house.store.winners(&deciding).await? };
        let winners: HashSet<SubjectId> = winners.into_iter().collect();
        for fold in folds {
            let inherits = winners.contains(&fold.subject);
            let inherited = if inherits { self.inherited(fold.rule, fold.subject).await? } else { Inherited::new() };
            self.settle_one(fold, &inherited, effects).await?;
        }
        Ok(())
    }

    async fn inherited(&self, rule: RuleId, subject: SubjectId) -> Result<Inherited, StepError> {
        let family = self.house.store.subject_family(subject).await?;
        let mut existing = self.existing(rule, &family).await?;
        existing.sort_by_key(|award| award.precedence(subject));
        let mut inherited = Inherited::new();
        for award in existing {
            inherited.entry(award.key.clone()).or_insert(award);
        }
        inherited.retain(|_, award| award.subject != subject);
        Ok(inherited)
    }

    async fn settle_one(
        &mut self,
        fold: Settling,
        inherited: &Inherited,
        effects: &mut Effects,
    ) -> Result<(), StepError> {
        let Some(rule) = self.book.rule(fold.rule) else { return Ok(()) };
        let cause = Cause { rule, subject: fold.subject };
        let mut written = Effects::default();
        let stopped = match self.clerk.write(&cause, &fold.folded.decisions, inherited, &mut written).await {
            Ok(()) => {
                write_state(&cause, fold.partition, fold.folded, false, &mut written);
                effects.append(written);
                fold.stopped
            }
            // Nothing of this fold is kept: a retry folds it again from the log.
            Err(Unwritten::Refused(stopped)) => Some(stopped),
            Err(Unwritten::Failed(error)) => return Err(error.into()),
        };
        effects.parked.extend(stopped.map(|stopped| stopped.park(rule, fold.subject, fold.partition, &self.house)));
        Ok(())
    }
}
