//! One step of a worker.

use std::collections::{HashMap, HashSet};

use super::book::RuleBook;
use super::control::is_control;
use super::decide::{Cause, Clerk};
use super::fold::{Criteria, Folded, fold};
use super::gather::{Sheaf, gather};
use super::settle::Settling;
use super::stop::Stopped;
use super::{Effects, StateWrite, kept};
use crate::awards::UnsignedAward;
use crate::bell::Work;
use crate::credentials::hand_to_signers;
use crate::error::Error;
use crate::events::{Advance, Batch, CommitError, Lease, LogEvent, StoredState};
use crate::house::House;
use crate::id::{AwardId, Partition, RuleId, SubjectId};
use crate::rules::{ActiveRule, RuleMode};
use crate::store::StoreError;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stepped {
    /// Events folded (or passed by, when no rule wanted them).
    pub events: usize,
    /// Awards that were new.
    pub awards: usize,
    /// A merge waits for another partition to catch up: look again soon.
    pub waiting: bool,
    /// There was more to do than one step does: step again.
    pub more: bool,
}

/// Why a step did not happen. Nothing was written; doing it again is harmless.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// These partitions belong to somebody else now.
    #[error("leases of {0:?} were lost")]
    Fenced(Vec<Partition>),
    /// An earlier commit, whose answer was lost, did happen. The leases stand behind it now: step again.
    #[error("an earlier commit did happen")]
    Overtaken,
    /// The database or a use case failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for StepError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Folds the partitions it is given. Evaluation blocks: run it on a thread of its own.
#[derive(Debug)]
pub struct Worker {
    pub(super) house: House,
    pub(super) book: RuleBook,
    pub(super) clerk: Clerk,
    /// Partitions whose next event waits for another partition.
    waiting: HashSet<Partition>,
    max: usize,
}

impl Worker {
    /// A worker that takes at most `max` events a step.
    pub fn new(house: House, max: usize) -> Self {
        Self { clerk: Clerk::new(house.clone()), house, book: RuleBook::default(), waiting: HashSet::new(), max }
    }

    /// Folds what lies behind the leases' cursors, and moves the cursors.
    pub async fn step(&mut self, leases: &mut [Lease]) -> Result<Stepped, StepError> {
        let batch = self.read(leases).await?;
        self.turn_to(batch.rules_generation).await?;
        let found = batch.events.len();
        let (plain, controls) = split_at_controls(batch.events);
        let more = found == self.max || plain.len() + controls.len() < found;
        let waiting = !self.waiting.is_empty();
        let mut stepped = Stepped { events: plain.len(), more, waiting, ..Stepped::default() };
        if !plain.is_empty() {
            let effects = self.fold_batch(&plain).await?;
            let advances = advances(leases, &plain);
            stepped.awards += self.commit(leases, &advances, effects).await?;
        }
        for control in controls {
            let Some(effects) = self.control(&control).await? else {
                stepped.waiting = true;
                self.waiting.insert(control.partition);
                continue;
            };
            let advances = advances(leases, std::slice::from_ref(&control));
            stepped.awards += self.commit(leases, &advances, effects).await?;
            stepped.events += 1;
        }
        Ok(stepped)
    }

    /// What lies behind the cursors. Partitions that wait come last: they must not take the room of those they wait for.
    async fn read(&mut self, leases: &[Lease]) -> Result<Batch, StepError> {
        if !self.waiting.is_empty() {
            let others: Vec<Lease> =
                leases.iter().filter(|lease| !self.waiting.contains(&lease.partition)).copied().collect();
            let batch = self.house.store.read(&others, self.max).await?;
            if !batch.events.is_empty() {
                return Ok(batch);
            }
            self.waiting.clear();
        }
        Ok(self.house.store.read(leases, self.max).await?)
    }

    /// Loads the rules anew when they changed.
    async fn turn_to(&mut self, generation: i64) -> Result<(), StepError> {
        if !self.book.is_of(generation) {
            self.book = RuleBook::new(self.house.store.active_rules().await?);
            self.clerk.refresh();
        }
        Ok(())
    }

    async fn fold_batch(&mut self, events: &[LogEvent]) -> Result<Effects, StepError> {
        let sheaves = gather(&self.book, events);
        let mut states = self.load_states(&sheaves).await?;
        let mut effects = Effects::default();
        let mut folds = Vec::with_capacity(sheaves.len());
        for sheaf in &sheaves {
            let stored = states.remove(&(sheaf.rule, sheaf.subject));
            folds.extend(self.fold_sheaf(sheaf, stored, &mut effects));
        }
        self.settle(folds, &mut effects).await?;
        Ok(effects)
    }

    async fn load_states(&self, sheaves: &[Sheaf]) -> Result<HashMap<(RuleId, SubjectId), StoredState>, StepError> {
        let mut rules: Vec<RuleId> = sheaves.iter().map(|sheaf| sheaf.rule).collect();
        let mut subjects: Vec<SubjectId> = sheaves.iter().map(|sheaf| sheaf.subject).collect();
        rules.sort_unstable();
        rules.dedup();
        subjects.sort_unstable();
        subjects.dedup();
        if rules.is_empty() {
            return Ok(HashMap::new());
        }
        let states = self.house.store.states(&rules, &subjects).await?;
        Ok(states.into_iter().map(|state| ((state.rule, state.subject), state)).collect())
    }

    fn fold_sheaf(&self, sheaf: &Sheaf, stored: Option<StoredState>, effects: &mut Effects) -> Option<Settling> {
        if stored.as_ref().is_some_and(|stored| stored.blocked_from.is_some()) {
            return None;
        }
        let active = self.book.rule(sheaf.rule)?;
        if active.rule.mode == RuleMode::Paused {
            let stopped = Stopped::paused(sheaf.events.first().map_or(0, |event| event.event.seq));
            effects.parked.push(stopped.park(active, sheaf.subject, sheaf.partition, &self.house));
            return None;
        }
        let Some(mut folded) = resume(active, stored) else {
            let stopped = Stopped::replaced(sheaf.events.first().map_or(0, |event| event.event.seq));
            effects.parked.push(stopped.park(active, sheaf.subject, sheaf.partition, &self.house));
            return None;
        };
        let stopped = fold(self.criteria(active), &mut folded, &sheaf.events, None).err();
        let Sheaf { rule, subject, partition, .. } = *sheaf;
        Some(Settling { rule, subject, partition, folded, stopped })
    }

    pub(super) fn criteria<'a>(&'a self, active: &'a ActiveRule) -> Criteria<'a> {
        Criteria { sandbox: self.house.sandbox.as_ref(), plugin: active.plugin, settings: &active.rule.settings }
    }

    pub(super) async fn commit(
        &self,
        leases: &mut [Lease],
        advances: &[Advance],
        effects: Effects,
    ) -> Result<usize, StepError> {
        let documents: Vec<UnsignedAward> = effects.awards.iter().map(UnsignedAward::of).collect();
        let committed = match self.house.store.commit(advances, effects).await {
            Ok(committed) => committed,
            Err(CommitError::Fenced(partitions)) => return Err(StepError::Fenced(partitions)),
            Err(CommitError::Store(error)) => return Err(error.into()),
            Err(CommitError::Moved(cursors)) => {
                move_cursors(leases, cursors);
                // Nobody was told of what that commit wrote.
                for work in [Work::Awards, Work::Outbox, Work::Statuses] {
                    self.house.bell.ring(work);
                }
                return Err(StepError::Overtaken);
            }
        };
        move_cursors(leases, advances.iter().map(|advance| (advance.partition, advance.cursor)));
        if !committed.awards.is_empty() {
            let new: HashSet<AwardId> = committed.awards.iter().copied().collect();
            hand_to_signers(&self.house, documents.into_iter().filter(|award| new.contains(&award.id)));
        }
        if committed.outbox > 0 {
            self.house.bell.ring(Work::Outbox);
        }
        if committed.changed > 0 {
            self.house.bell.ring(Work::Statuses);
        }
        Ok(committed.awards.len())
    }
}

fn move_cursors(leases: &mut [Lease], cursors: impl IntoIterator<Item = (Partition, i64)>) {
    for (partition, cursor) in cursors {
        if let Some(lease) = leases.iter_mut().find(|lease| lease.partition == partition) {
            lease.cursor = lease.cursor.max(cursor);
        }
    }
}

/// The state to fold on from; none if another plugin made it.
pub(super) fn resume(rule: &ActiveRule, stored: Option<StoredState>) -> Option<Folded> {
    let Some(StoredState { state, seq, wake, .. }) = stored else { return Some(Folded::default()) };
    let state = match state {
        Some(state) => Some(kept::unmark(rule.plugin, &state)?),
        None => None,
    };
    Some(Folded { state, seq, wake, ..Folded::default() })
}

pub(super) fn write_state(
    cause: &Cause<'_>,
    partition: Partition,
    folded: Folded,
    refolded: bool,
    effects: &mut Effects,
) {
    let (Some(state), Some(progress)) = (folded.state, folded.progress) else { return };
    effects.states.push(StateWrite {
        rule: cause.rule.rule.id,
        subject: cause.subject,
        partition,
        state: kept::mark(cause.rule.plugin, &state),
        refolded,
        seq: folded.seq,
        wake: folded.wake,
        progress: serde_json::to_string(&progress).unwrap_or_else(|_| "[]".into()),
    });
}

/// Where the cursors go once these events are folded.
pub(super) fn advances(leases: &[Lease], events: &[LogEvent]) -> Vec<Advance> {
    let reach = |lease: &Lease| {
        let folded = events.iter().filter(|event| event.partition == lease.partition).map(|event| event.seq);
        folded.max().map(|cursor| lease.advance(cursor))
    };
    leases.iter().filter_map(reach).collect()
}

/// Per partition, the events before its first control event; and that one, if it stands first.
fn split_at_controls(events: Vec<LogEvent>) -> (Vec<LogEvent>, Vec<LogEvent>) {
    let mut plain = Vec::with_capacity(events.len());
    let mut controls = Vec::new();
    let mut stopped = None;
    let mut begun = None;
    for event in events {
        if stopped == Some(event.partition) {
            continue;
        }
        if is_control(&event) {
            stopped = Some(event.partition);
            if begun != Some(event.partition) {
                controls.push(event);
            }
            continue;
        }
        begun = Some(event.partition);
        plain.push(event);
    }
    (plain, controls)
}
