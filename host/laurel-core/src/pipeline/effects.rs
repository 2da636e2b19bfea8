//! What a step of the pipeline writes: plain data, committed together with the cursors or not at all.

use super::Trigger;
use crate::awards::{Authority, NewAward, Standing};
use crate::engagement::NewEngagement;
use crate::id::{AwardId, EngagementId, OrganisationId, OutboxId, Partition, RuleId, SubjectId};
use crate::time::Timestamp;

/// Everything a step writes beside the cursors.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// Upserts of rule states.
    pub states: Vec<StateWrite>,
    /// States to be forgotten, with the points that came of them, *before* anything else is written: a refold gives both anew.
    pub forgotten: Vec<(RuleId, SubjectId)>,
    /// Awards of credentials: inserted unless (rule, subject, key) exists. Each new one gets its outbox row `badge.awarded`. One that
    /// exists and was suspended by a refold counts again, with the outbox row `badge.reinstated`.
    pub awards: Vec<NewAward>,
    /// Awards of engagement badges, likewise.
    pub engagement: Vec<NewEngagement>,
    /// Points: upserts by (rule, subject, key).
    pub points: Vec<NewPoints>,
    /// Changes of standing, applied in order *before* the awards are inserted. Each that changes something gets its outbox row, and
    /// marks its status list as changed.
    pub standings: Vec<StandingChange>,
    /// Changes of standing of awards that this very step made: applied in order *after* the awards are inserted.
    pub later_standings: Vec<StandingChange>,
    /// Rules that stop for a subject.
    pub parked: Vec<ParkedWrite>,
}

impl Effects {
    /// Adds what follows later.
    pub(super) fn append(&mut self, later: Self) {
        self.states.extend(later.states);
        self.forgotten.extend(later.forgotten);
        self.awards.extend(later.awards);
        self.engagement.extend(later.engagement);
        self.points.extend(later.points);
        self.standings.extend(later.standings);
        self.later_standings.extend(later.later_standings);
        self.parked.extend(later.parked);
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
            && self.forgotten.is_empty()
            && self.awards.is_empty()
            && self.engagement.is_empty()
            && self.points.is_empty()
            && self.standings.is_empty()
            && self.later_standings.is_empty()
            && self.parked.is_empty()
    }
}

/// The state of a rule for a subject after a fold.
#[derive(Clone, Debug, PartialEq)]
pub struct StateWrite {
    /// Which rule.
    pub rule: RuleId,
    /// Which subject.
    pub subject: SubjectId,
    /// The subject's partition.
    pub partition: Partition,
    /// The plugin's state, marked with the plugin.
    pub state: Vec<u8>,
    /// Whether it comes of the whole history: then the pair is parked no longer. What went on from a stored state is not written where
    /// the pair was parked meanwhile.
    pub refolded: bool,
    /// Last event folded.
    pub seq: i64,
    /// Next wake-up.
    pub wake: Option<Timestamp>,
    /// Progress, JSON list of `{requirement, current, target}`.
    pub progress: String,
}

/// A rule stops for a subject; its state stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedWrite {
    /// Which rule.
    pub rule: RuleId,
    /// Which subject.
    pub subject: SubjectId,
    /// The subject's partition.
    pub partition: Partition,
    /// Whose.
    pub organisation: OrganisationId,
    /// The first event not folded.
    pub blocked_from: i64,
    /// What stopped it; none while the rule is only paused.
    pub trigger: Option<Trigger>,
    /// Why.
    pub error: String,
    /// When.
    pub at: Timestamp,
}

/// Engagement points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPoints {
    /// Whose.
    pub organisation: OrganisationId,
    /// By which rule.
    pub rule: RuleId,
    /// For whom.
    pub subject: SubjectId,
    /// Unique per rule and subject.
    pub key: String,
    /// How many.
    pub amount: i64,
    /// What for.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Which award a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwardRef {
    /// A credential's award, by id.
    Award(AwardId),
    /// An engagement badge's award, by id.
    Engagement(EngagementId),
    /// Of either kind, by what made it.
    Key {
        /// The rule.
        rule: RuleId,
        /// The subject.
        subject: SubjectId,
        /// The key.
        key: String,
    },
}

/// A change of an award's standing, made where it [applies](Self::applies_to).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingChange {
    /// Which award.
    pub award: AwardRef,
    /// Its new standing.
    pub to: Standing,
    /// On whose word.
    pub by: Authority,
    /// The credential's award that takes its place, if that is why.
    pub successor: Option<AwardId>,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Id of the outbox row, if the change happens.
    pub outbox: OutboxId,
    /// Depth of the cascade after it.
    pub depth: i16,
}

impl StandingChange {
    /// Whether it changes an award of this standing: active to suspended and back; active or suspended to revoked or superseded, which is
    /// for ever. Of a suspension it may change the authority alone. What an operator suspended only an operator reinstates, and what an
    /// operator reinstated no refold suspends.
    pub fn applies_to(&self, standing: Standing, set_by: Option<Authority>) -> bool {
        let operators = set_by == Some(Authority::Operator);
        match (standing, self.to) {
            (Standing::Active | Standing::Suspended, Standing::Revoked | Standing::Superseded) => true,
            (Standing::Active, Standing::Suspended) => !(operators && self.by == Authority::Refold),
            (Standing::Suspended, Standing::Active) => !operators || self.by == Authority::Operator,
            (Standing::Suspended, Standing::Suspended) => !operators && set_by != Some(self.by),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OutboxId;
    use uuid::Uuid;

    fn applies(from: Standing, set_by: Option<Authority>, to: Standing, by: Authority) -> bool {
        let award = AwardRef::Award(AwardId(Uuid::nil()));
        let outbox = OutboxId(Uuid::nil());
        let (reason, at) = (String::new(), Timestamp(0));
        let change = StandingChange { award, to, by, successor: None, reason, at, outbox, depth: 1 };
        change.applies_to(from, set_by)
    }

    #[test]
    fn an_operator_s_word_stands() {
        use Authority::{Operator, Refold, Rule};
        use Standing::{Active, Revoked, Suspended};
        for by in [Rule, Refold] {
            assert!(!applies(Suspended, Some(Operator), Active, by), "{by:?}");
            assert!(!applies(Suspended, Some(Operator), Suspended, by), "{by:?}");
            assert!(
                applies(Suspended, Some(by), Active, Operator) && applies(Suspended, Some(by), Suspended, Operator)
            );
            assert!(applies(Suspended, Some(Operator), Revoked, by), "revoking goes further");
        }
        assert!(applies(Suspended, Some(Operator), Active, Operator));
        assert!(applies(Active, Some(Operator), Suspended, Rule), "a rule may decide anew");
        assert!(!applies(Active, Some(Operator), Suspended, Refold), "folding again is no new decision");
    }

    #[test]
    fn what_ended_stays_ended() {
        use Standing::{Active, Revoked, Superseded, Suspended};
        for from in [Revoked, Superseded] {
            for to in [Active, Suspended, Revoked, Superseded] {
                assert!(!applies(from, Some(Authority::Rule), to, Authority::Operator), "{from:?} to {to:?}");
            }
        }
    }
}
