//! How far a subject is with each rule: what the criteria plugin said when it folded last, beside what it demands.

use std::collections::{HashMap, HashSet};

use super::{Rule, at_work, requirements};
use crate::awards::Standing;
use crate::error::Error;
use crate::events::StoredProgress;
use crate::house::House;
use crate::id::{OrganisationId, RuleId, SubjectId};
use crate::plugins::{Progress, Requirement};
use crate::subjects;

/// One rule, seen from one subject.
#[derive(Clone, Debug)]
pub struct RuleProgress {
    /// The rule.
    pub rule: Rule,
    /// Its requirements, in the plugin's order.
    pub steps: Vec<Step>,
    /// Whether the subject holds what the rule awards.
    pub is_held: bool,
    /// Whether the rule stopped for this subject: the numbers are those from before.
    pub is_parked: bool,
}

/// One requirement, and how far the subject is.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is to be done.
    pub requirement: Requirement,
    /// What was measured; none before the rule has folded an event of the subject.
    pub measured: Option<Progress>,
}

impl RuleProgress {
    /// Whether something is done and something is left to do.
    pub fn is_under_way(&self) -> bool {
        !self.is_held && self.steps.iter().filter_map(|step| step.measured.as_ref()).any(|step| step.current > 0.0)
    }
}

/// The rules at work in an organisation, oldest first, for a subject or the one it was merged into.
pub async fn progress(
    house: &House,
    organisation: OrganisationId,
    subject: SubjectId,
) -> Result<Vec<RuleProgress>, Error> {
    let subject = subjects::find(house, organisation, subject).await?.id;
    let subject = subjects::current(house, subject).await?.map_or(subject, |current| current.id);
    let rules = at_work(house, organisation).await?;
    let held = held(house, subject).await?;
    let mut stored: HashMap<RuleId, StoredProgress> =
        house.store.progress(subject).await?.into_iter().map(|stored| (stored.rule, stored)).collect();
    let mut all = Vec::with_capacity(rules.len());
    for rule in rules {
        let stored = stored.remove(&rule.id);
        let is_parked = stored.as_ref().is_some_and(|stored| stored.is_parked);
        let measured = stored.map(|stored| stored.progress).unwrap_or_default();
        let steps = steps(requirements(house, &rule).await?, measured);
        all.push(RuleProgress { is_held: held.contains(&rule.id), rule, steps, is_parked });
    }
    Ok(all)
}

/// Rules by which the subject holds something that counts, also from before merges.
async fn held(house: &House, subject: SubjectId) -> Result<HashSet<RuleId>, Error> {
    let family = house.store.subject_family(subject).await?;
    let credentials = house.store.awards_of(&family).await?;
    let engagement = house.store.engagement_of(&family).await?;
    let standings = credentials.iter().map(|award| (award.rule, award.standing));
    let standings = standings.chain(engagement.iter().map(|badge| (badge.rule, badge.standing)));
    Ok(standings.filter(|(_, standing)| *standing == Standing::Active).filter_map(|(rule, _)| rule).collect())
}

/// Each requirement with what was measured of it. What the plugin measured of others is left out.
fn steps(requirements: Vec<Requirement>, progress: Vec<Progress>) -> Vec<Step> {
    let mut measured: HashMap<String, Progress> =
        progress.into_iter().map(|step| (step.requirement.clone(), step)).collect();
    let step = |requirement: Requirement| Step { measured: measured.remove(&requirement.id), requirement };
    requirements.into_iter().map(step).collect()
}
