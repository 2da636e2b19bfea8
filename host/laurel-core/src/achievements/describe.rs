//! An achievement as its public page needs it.

use super::{Achievement, Version};
use crate::error::Error;
use crate::house::House;
use crate::id::AchievementId;
use crate::issued::{self, Spoken};
use crate::organisations::Organisation;
use crate::plugins::Requirement;
use crate::rules;

/// An achievement and what is known around it.
#[derive(Clone, Debug)]
pub struct Described {
    /// The achievement with its latest version.
    pub achievement: Achievement,
    /// Who offers it.
    pub organisation: Organisation,
    /// All versions, oldest first.
    pub versions: Vec<Version>,
    /// For each rule at work: what an earner must do. Any one of them suffices.
    pub ways: Vec<Vec<Requirement>>,
    /// Who endorses it, of those whose endorsements it carries.
    pub endorsements: Vec<Spoken>,
}

/// The achievement with this id.
pub async fn describe(house: &House, id: AchievementId) -> Result<Described, Error> {
    let store = &house.store;
    let achievement = store.achievement(id).await?.ok_or(Error::NotFound("achievement"))?;
    let organisation = store.organisation(achievement.organisation).await?.ok_or(Error::NotFound("organisation"))?;
    let versions = store.versions(id).await?;
    let ways = ways(house, &achievement).await?;
    let endorsements = issued::spoken(house, &achievement.version.text.endorsements).await?;
    Ok(Described { achievement, organisation, versions, ways, endorsements })
}

async fn ways(house: &House, achievement: &Achievement) -> Result<Vec<Vec<Requirement>>, Error> {
    let rules = rules::at_work(house, achievement.organisation).await?;
    let mut ways = Vec::new();
    for rule in rules.iter().filter(|rule| rule.achievement == achievement.id) {
        ways.push(rules::requirements(house, rule).await?);
    }
    ways.retain(|requirements| !requirements.is_empty());
    Ok(ways)
}
