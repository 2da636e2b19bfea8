//! A rule starts, pauses, or goes on.

use super::{Rule, RuleMode};
use crate::achievements;
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, Partitions, RuleId};

/// A rule of an organisation.
pub async fn find(house: &House, organisation: OrganisationId, id: RuleId) -> Result<Rule, Error> {
    let rule = house.store.rule(id).await?.filter(|rule| rule.organisation == organisation);
    rule.ok_or(Error::NotFound("rule"))
}

/// Changes the mode. A rule that was active once never becomes a draft again: it has a history. What it missed while it was paused it
/// folds in the background ([`crate::events::resume`]).
pub async fn change_mode(
    house: &House,
    organisation: OrganisationId,
    id: RuleId,
    mode: RuleMode,
) -> Result<Rule, Error> {
    let rule = find(house, organisation, id).await?;
    match (rule.mode, mode) {
        (before, after) if before == after => return Ok(rule),
        (_, RuleMode::Draft) => {
            return Err(Error::Conflict("a rule that was active does not become a draft again: pause it".to_owned()));
        }
        (_, RuleMode::Active)
            if achievements::find(house, organisation, rule.achievement).await?.archived.is_some() =>
        {
            return Err(Error::Conflict("its achievement is archived: it is no longer awarded".to_owned()));
        }
        _ => {}
    }
    house.store.set_rule_mode(id, mode).await?;
    house.bell.ring(Work::Events(Partitions::ALL));
    house.bell.ring(Work::Rules);
    Ok(Rule { mode, ..rule })
}
