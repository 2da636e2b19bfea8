//! From decisions to effects.

use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

use super::fold::Decided;
use super::settle::Inherited;
use super::stop::Stopped;
use super::{AwardRef, Effects, NewPoints, StandingChange};
use crate::achievements::{Achievement, BadgeKind};
use crate::awards::{
    AWARDED_AGAIN, Authority, Composed, Desk, Details, NewAward, Places, Standing, compose, read_details,
};
use crate::engagement::NewEngagement;
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{AwardId, EngagementId, OutboxId, PublicId, SubjectId};
use crate::plugins::{Award, Change, Decision, Points};
use crate::rules::ActiveRule;
use crate::store::StoreError;
use crate::time::Timestamp;

/// Why an award says it was given.
pub(crate) struct Cause<'a> {
    pub(crate) rule: &'a ActiveRule,
    pub(crate) subject: SubjectId,
}

/// Why decisions were not written down.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// The store did not answer: the step is to be done again.
    Failed(Error),
    /// It cannot be done as things stand (no usable key, a document that cannot be composed): doing the step again would not help.
    Refused(Stopped),
}

impl Unwritten {
    fn of(error: Error, decided: &Decided) -> Self {
        match error {
            Error::Store(StoreError::Busy | StoreError::Database(_)) | Error::Busy { .. } | Error::Unavailable(_) => {
                Self::Failed(error)
            }
            refused => {
                let why = format!("the award {:?} cannot be made: {refused}", decided.decision.key());
                Self::Refused(Stopped::at(decided.trigger, decided.seq, why))
            }
        }
    }
}

/// Writes decisions down as effects.
#[derive(Debug)]
pub(crate) struct Clerk {
    house: House,
    desk: Desk,
    places: Places,
}

impl Clerk {
    pub(crate) fn new(house: House) -> Self {
        Self { house, desk: Desk::default(), places: Places::default() }
    }

    /// Forgets what it knows of organisations and achievements; keeps its places in status lists.
    pub(crate) fn refresh(&mut self) {
        self.desk = Desk::default();
    }

    /// Adds the effects of one fold's decisions, in order.
    pub(crate) async fn write(
        &mut self,
        cause: &Cause<'_>,
        decisions: &[Decided],
        inherited: &Inherited,
        effects: &mut Effects,
    ) -> Result<(), Unwritten> {
        let mut awarded: HashSet<&str> = HashSet::new();
        let mut points: HashMap<&str, usize> = HashMap::new();
        for decided in decisions {
            match &decided.decision {
                // The same key again in one fold: the first one stands.
                Decision::Award(award) if awarded.insert(&award.key) => match inherited.get(&award.key) {
                    Some(there) if there.is_withdrawn() => {
                        let again = AWARDED_AGAIN.to_owned();
                        effects.standings.push(self.standing(there.award.clone(), decided, Standing::Active, again));
                    }
                    Some(_) => {}
                    None => self.award(cause, decided, award, effects).await?,
                },
                Decision::Award(_) => {}
                Decision::Points(entry) => write_points(cause, decided, entry, &mut points, effects),
                Decision::Revoke(change) => {
                    file(self.change(cause, decided, change, Standing::Revoked, inherited, &awarded), effects);
                }
                Decision::Suspend(change) => {
                    file(self.change(cause, decided, change, Standing::Suspended, inherited, &awarded), effects);
                }
                Decision::Reinstate(change) => {
                    file(self.change(cause, decided, change, Standing::Active, inherited, &awarded), effects);
                }
            }
        }
        Ok(())
    }

    /// Adds one award.
    pub(crate) async fn award(
        &mut self,
        cause: &Cause<'_>,
        decided: &Decided,
        award: &Award,
        effects: &mut Effects,
    ) -> Result<(), Unwritten> {
        self.badge(cause, decided, award, effects).await.map_err(|error| Unwritten::of(error, decided))
    }

    async fn badge(
        &mut self,
        cause: &Cause<'_>,
        decided: &Decided,
        award: &Award,
        effects: &mut Effects,
    ) -> Result<(), Error> {
        let achievement = self.desk.achievement(self.house.store.as_ref(), cause.rule.rule.achievement).await?;
        match achievement.kind {
            BadgeKind::Credential => {
                let award = self.credential(cause, decided, award, &achievement).await?;
                effects.awards.push(award);
            }
            BadgeKind::Engagement => effects.engagement.push(self.engagement(cause, decided, award, &achievement)),
        }
        Ok(())
    }

    async fn credential(
        &mut self,
        cause: &Cause<'_>,
        decided: &Decided,
        award: &Award,
        achievement: &Achievement,
    ) -> Result<NewAward, Error> {
        let organisation = cause.rule.rule.organisation;
        let bench = self.desk.bench(self.house.store.as_ref(), organisation).await?;
        let entries = bench.organisation.status_entries;
        let place = self.places.take(&self.house, &bench.key, entries, u32::MAX).await?;
        let public_id = PublicId::new(self.house.random.as_ref());
        let valid_until = award.valid_until.or_else(|| achievement.version.text.valid_until(decided.at));
        let (details, left_out) = details(cause, award, achievement);
        let composed = Composed {
            base_url: &self.house.base_url,
            bench: &bench,
            achievement,
            public_id,
            place,
            awarded: decided.at,
            valid_until,
            details,
            endorsements: &[],
        };
        let document = compose(&composed, self.house.random.as_ref())?;
        Ok(NewAward {
            id: AwardId::new(decided.at, self.house.random.as_ref()),
            public_id,
            organisation,
            subject: cause.subject,
            achievement: achievement.id,
            version: achievement.version.id,
            rule: Some(cause.rule.rule.id),
            key: award.key.clone(),
            awarded: decided.at,
            valid_until,
            explanation: explanation(cause, decided, &left_out),
            document,
            outbox: self.outbox(decided.at),
            depth: decided.depth.saturating_add(1),
        })
    }

    fn engagement(
        &self,
        cause: &Cause<'_>,
        decided: &Decided,
        award: &Award,
        achievement: &Achievement,
    ) -> NewEngagement {
        NewEngagement {
            id: EngagementId::new(decided.at, self.house.random.as_ref()),
            organisation: cause.rule.rule.organisation,
            subject: cause.subject,
            achievement: achievement.id,
            version: achievement.version.id,
            rule: Some(cause.rule.rule.id),
            key: award.key.clone(),
            awarded: decided.at,
            explanation: explanation(cause, decided, &[]),
            outbox: self.outbox(decided.at),
            depth: decided.depth.saturating_add(1),
        }
    }

    fn change(
        &self,
        cause: &Cause<'_>,
        decided: &Decided,
        change: &Change,
        to: Standing,
        inherited: &Inherited,
        awarded: &HashSet<&str>,
    ) -> (StandingChange, bool) {
        let own = || AwardRef::Key { rule: cause.rule.rule.id, subject: cause.subject, key: change.key.clone() };
        let award = inherited.get(&change.key).map_or_else(own, |there| there.award.clone());
        (self.standing(award, decided, to, change.reason.clone()), awarded.contains(change.key.as_str()))
    }

    /// A change of standing by what the rule decided.
    pub(crate) fn standing(&self, award: AwardRef, decided: &Decided, to: Standing, reason: String) -> StandingChange {
        let (at, depth) = (decided.at, decided.depth.saturating_add(1));
        let (by, outbox) = (Authority::Rule, self.outbox(at));
        StandingChange { award, to, by, successor: None, reason, at, outbox, depth }
    }

    fn outbox(&self, at: Timestamp) -> OutboxId {
        OutboxId::new(at, self.house.random.as_ref())
    }
}

/// After the awards of this step if it is about one of them, else before.
fn file((change, later): (StandingChange, bool), effects: &mut Effects) {
    if later { effects.later_standings.push(change) } else { effects.standings.push(change) }
}

fn write_points<'d>(
    cause: &Cause<'_>,
    decided: &Decided,
    entry: &'d Points,
    seen: &mut HashMap<&'d str, usize>,
    effects: &mut Effects,
) {
    let points = NewPoints {
        organisation: cause.rule.rule.organisation,
        rule: cause.rule.rule.id,
        subject: cause.subject,
        key: entry.key.clone(),
        amount: entry.amount,
        reason: entry.reason.clone(),
        at: decided.at,
    };
    // One row a key and step: the last amount counts.
    if let Some(earlier) = seen.get(entry.key.as_str()).and_then(|index| effects.points.get_mut(*index)) {
        *earlier = points;
    } else {
        seen.insert(&entry.key, effects.points.len());
        effects.points.push(points);
    }
}

/// A plugin's details. What of them cannot be taken is left out, because the decision counts more than its words; the log and the award
/// itself tell so.
fn details(cause: &Cause<'_>, award: &Award, achievement: &Achievement) -> (Details, Vec<Problem>) {
    let (details, left_out) = read_details(&award.details, &achievement.version.text);
    for Problem { pointer, message } in &left_out {
        let rule = cause.rule.rule.id;
        tracing::warn!(%rule, subject = %cause.subject, key = award.key, pointer, message, "left out of an award's details");
    }
    (details, left_out)
}

/// What makes the decision recomputable: plugin, settings, and the event that led to it.
fn explanation(cause: &Cause<'_>, decided: &Decided, left_out: &[Problem]) -> String {
    let settings = hex::encode(Sha256::digest(cause.rule.rule.settings.as_bytes()));
    let mut explanation = json!({
        "rule": cause.rule.rule.id,
        "plugin": cause.rule.plugin.to_string(),
        "settings": settings,
        "seq": decided.seq,
        "at": decided.at,
        "fuel": decided.fuel,
    });
    if !left_out.is_empty() {
        explanation["left_out"] = json!(left_out);
    }
    explanation.to_string()
}
