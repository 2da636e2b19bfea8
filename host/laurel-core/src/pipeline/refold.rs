//! Folds a subject's whole history again and reconciles its awards with what comes out. For a subject whose awards are as they
//! should be this is a no-op.

use std::collections::BTreeMap;

use super::decide::{Cause, Unwritten};
use super::fold::{Decided, FoldEvent, Folded, fold};
use super::settle::Inherited;
use super::skipped::Skipped;
use super::step::{StepError, Worker, write_state};
use super::stop::{Stopped, Trigger};
use super::{AwardRef, Effects, StandingChange};
use crate::awards::{AWARDED_AGAIN, Authority, Standing};
use crate::events::LogEvent;
use crate::id::{AwardId, RuleId, SubjectId};
use crate::plugins::{Award, Decision};
use crate::rules::{ActiveRule, RuleMode, kind_matches};
use crate::time::Timestamp;

/// Events read at once.
const PAGE: usize = 1000;

/// An award there is, of either kind.
#[derive(Debug)]
pub(crate) struct Existing {
    pub(crate) award: AwardRef,
    pub(super) subject: SubjectId,
    pub(super) key: String,
    standing: Standing,
    changed_by: Option<Authority>,
    awarded: Timestamp,
}

impl Existing {
    /// Of several awards with one key the smallest stays: the one that counts, or that an operator keeps from counting; among equals the
    /// first, then the subject's own.
    pub(super) fn precedence(&self, subject: SubjectId) -> (u8, bool, Timestamp, bool) {
        let others = self.changed_by != Some(Authority::Operator);
        (rank(self.standing), others, self.awarded, self.subject != subject)
    }

    /// Whether it is there only because nothing is ever deleted: the rule would not have awarded it, and may award it yet.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.standing == Standing::Suspended && self.changed_by == Some(Authority::Refold)
    }

    /// Whether a refold has a say: the award can still change, and no operator said what it shall be.
    fn is_open(&self) -> bool {
        counts(self.standing) && self.changed_by != Some(Authority::Operator)
    }

    /// The id of a credential's award.
    fn credential(&self) -> Option<AwardId> {
        match self.award {
            AwardRef::Award(id) => Some(id),
            AwardRef::Engagement(_) | AwardRef::Key { .. } => None,
        }
    }
}

/// What the fold wants a key to be.
struct Wanted<'d> {
    award: &'d Award,
    given: &'d Decided,
    standing: Standing,
    /// The decision that set the standing.
    last: &'d Decided,
    reason: &'d str,
}

impl Worker {
    /// Refolds one rule for the subject of a control event, up to that event, leaving out what the operator has skipped.
    pub(super) async fn refold(
        &mut self,
        rule: RuleId,
        until: &LogEvent,
        effects: &mut Effects,
    ) -> Result<(), StepError> {
        let family = self.house.store.subject_family(until.subject).await?;
        let history = self.history(&family, until).await?;
        let existing = self.existing(rule, &family).await?;
        let Some(active) = self.book.rule(rule) else { return Ok(()) };
        let skipped = Skipped::by(rule, &history);
        let wanted = |event: &&LogEvent| {
            event.seq >= active.start(event.partition)
                && kind_matches(&active.rule.kinds, &event.kind)
                && !skipped.has(event)
        };
        let events: Vec<FoldEvent> = history.iter().filter(wanted).map(FoldEvent::from_log).collect();
        if events.is_empty() && existing.is_empty() {
            effects.forgotten.push((rule, until.subject));
            return Ok(());
        }
        let mut folded = Folded { silenced: skipped.wakes, ..Folded::default() };
        let stopped = if active.rule.mode == RuleMode::Paused {
            Some(Stopped::paused(self.blocked_from(active, until).await?))
        } else {
            fold(self.criteria(active), &mut folded, &events, Some(until.received)).err()
        };
        // Half a history proves nothing: state and awards stay as they are until somebody retries.
        if let Some(stopped) = stopped {
            effects.parked.push(stopped.park(active, until.subject, until.partition, &self.house));
            return Ok(());
        }
        let cause = Cause { rule: active, subject: until.subject };
        let decisions = std::mem::take(&mut folded.decisions);
        let mut written = Effects::default();
        write_state(&cause, until.partition, folded, true, &mut written);
        match reconcile(&mut self.clerk, &cause, until, &decisions, existing, &mut written).await {
            Ok(()) => effects.append(written),
            Err(Unwritten::Refused(stopped)) => {
                effects.parked.push(stopped.park(active, until.subject, until.partition, &self.house));
            }
            Err(Unwritten::Failed(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// The first event not folded: where the pair is parked already, else the control event.
    async fn blocked_from(&self, rule: &ActiveRule, until: &LogEvent) -> Result<i64, StepError> {
        let stored = self.house.store.states(&[rule.rule.id], &[until.subject]).await?;
        Ok(stored.first().and_then(|stored| stored.blocked_from).unwrap_or(until.seq))
    }

    /// The family's events up to a control event, in the order of truth.
    pub(super) async fn history(&self, family: &[SubjectId], until: &LogEvent) -> Result<Vec<LogEvent>, StepError> {
        let mut history: Vec<LogEvent> = Vec::new();
        let mut after = None;
        loop {
            let page = self.house.store.history(family, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.received, last.partition, last.seq));
            history
                .extend(page.into_iter().filter(|event| event.partition != until.partition || event.seq <= until.seq));
        }
        Ok(history)
    }

    /// Awards by one rule to these subjects, of either kind.
    pub(super) async fn existing(&self, rule: RuleId, family: &[SubjectId]) -> Result<Vec<Existing>, StepError> {
        let awards = self.house.store.awards_by_rule(rule, family).await?.into_iter().map(|award| Existing {
            award: AwardRef::Award(award.id),
            subject: award.subject,
            key: award.key,
            standing: award.standing,
            changed_by: award.changed_by,
            awarded: award.awarded,
        });
        let badges = self.house.store.engagement_by_rule(rule, family).await?.into_iter().map(|badge| Existing {
            award: AwardRef::Engagement(badge.id),
            subject: badge.subject,
            key: badge.key,
            standing: badge.standing,
            changed_by: badge.changed_by,
            awarded: badge.awarded,
        });
        Ok(awards.chain(badges).collect())
    }
}

async fn reconcile(
    clerk: &mut super::decide::Clerk,
    cause: &Cause<'_>,
    until: &LogEvent,
    decisions: &[Decided],
    existing: Vec<Existing>,
    effects: &mut Effects,
) -> Result<(), Unwritten> {
    let wanted = wanted(decisions);
    let mut by_key: BTreeMap<String, Vec<Existing>> = BTreeMap::new();
    for award in existing {
        by_key.entry(award.key.clone()).or_default().push(award);
    }
    let now = at(until);
    for (key, awards) in &mut by_key {
        awards.sort_by_key(|award| award.precedence(cause.subject));
        let by_refold = |award: &Existing, to: Standing, why: &str| StandingChange {
            by: Authority::Refold,
            ..clerk.standing(award.award.clone(), &now, to, why.to_owned())
        };
        let successor = awards.first().and_then(Existing::credential);
        for award in awards.iter().skip(1).filter(|award| counts(award.standing)) {
            let why = "another award took its place when two subjects were found to be one";
            let change = by_refold(award, Standing::Superseded, why);
            effects.standings.push(StandingChange { successor, ..change });
        }
        let unwanted = awards.first().filter(|_| !wanted.contains_key(key.as_str()));
        if let Some(award) = unwanted.filter(|award| award.is_open() && !award.is_withdrawn()) {
            // Not revoked: that could never be taken back, and the rule may award it yet.
            let why = "the rule does not uphold it over the whole history";
            effects.standings.push(by_refold(award, Standing::Suspended, why));
        }
    }
    for (key, want) in &wanted {
        match by_key.get(*key).and_then(|awards| awards.first()) {
            None => give(clerk, cause, want, effects).await?,
            Some(award) if award.is_open() && (award.standing != want.standing || award.is_withdrawn()) => {
                let change = clerk.standing(award.award.clone(), want.last, want.standing, want.reason.to_owned());
                effects.standings.push(change);
            }
            Some(_) => {}
        }
    }
    // Whatever points came of what was folded before, only those of this fold remain.
    effects.forgotten.push((cause.rule.rule.id, cause.subject));
    let points: Vec<Decided> =
        decisions.iter().filter(|decided| matches!(decided.decision, Decision::Points(_))).cloned().collect();
    clerk.write(cause, &points, &Inherited::new(), effects).await?;
    Ok(())
}

async fn give(
    clerk: &mut super::decide::Clerk,
    cause: &Cause<'_>,
    want: &Wanted<'_>,
    effects: &mut Effects,
) -> Result<(), Unwritten> {
    clerk.award(cause, want.given, want.award, effects).await?;
    if want.standing != Standing::Active {
        let key = AwardRef::Key { rule: cause.rule.rule.id, subject: cause.subject, key: want.award.key.clone() };
        effects.later_standings.push(clerk.standing(key, want.last, want.standing, want.reason.to_owned()));
    }
    Ok(())
}

/// Plays the decisions through: what each key ends as.
fn wanted(decisions: &[Decided]) -> BTreeMap<&str, Wanted<'_>> {
    let mut wanted: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
    for decided in decisions {
        let (change, to) = match &decided.decision {
            Decision::Award(award) => {
                let standing = Standing::Active;
                let fresh = Wanted { award, given: decided, standing, last: decided, reason: AWARDED_AGAIN };
                wanted.entry(&award.key).or_insert(fresh);
                continue;
            }
            Decision::Points(_) => continue,
            Decision::Revoke(change) => (change, Standing::Revoked),
            Decision::Suspend(change) => (change, Standing::Suspended),
            Decision::Reinstate(change) => (change, Standing::Active),
        };
        if let Some(want) = wanted.get_mut(change.key.as_str()).filter(|want| want.standing != Standing::Revoked) {
            (want.standing, want.last, want.reason) = (to, decided, &change.reason);
        }
    }
    wanted
}

fn counts(standing: Standing) -> bool {
    matches!(standing, Standing::Active | Standing::Suspended)
}

fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Active => 0,
        Standing::Suspended => 1,
        Standing::Revoked => 2,
        Standing::Superseded => 3,
    }
}

/// The control event, as the cause of a change.
fn at(event: &LogEvent) -> Decided {
    let change = crate::plugins::Change { key: String::new(), reason: String::new() };
    let decision = Decision::Suspend(change);
    let trigger = Trigger::Event { partition: event.partition, seq: event.seq };
    Decided { decision, at: event.received, seq: event.seq, trigger, depth: event.depth, fuel: 0 }
}
