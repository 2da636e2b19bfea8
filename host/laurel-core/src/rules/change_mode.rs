//! A rule starts, pauses, or goes on.

use super::{Rule, RuleMode};
use crate::achievements;
use crate::bell::Work;
use crate::error::Error;
use crate::events::{Unpark, unpark};
use crate::house::House;
use crate::id::{OrganisationId, RuleId};
use crate::page::PageRequest;

/// A rule of an organisation.
pub async fn find(house: &House, organisation: OrganisationId, id: RuleId) -> Result<Rule, Error> {
    let rule = house.store.rule(id).await?.filter(|rule| rule.organisation == organisation);
    rule.ok_or(Error::NotFound("rule"))
}

/// Changes the mode. A rule that was active once never becomes a draft again: it has a history.
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
    if (rule.mode, mode) == (RuleMode::Paused, RuleMode::Active) {
        catch_up(house, organisation, id).await?;
    }
    house.bell.ring(Work::Events);
    Ok(Rule { mode, ..rule })
}

/// While a rule was paused, each subject whose events arrived was parked: fold them again, with what they missed.
async fn catch_up(house: &House, organisation: OrganisationId, id: RuleId) -> Result<(), Error> {
    let mut page = PageRequest { limit: 200, ..PageRequest::default() };
    loop {
        let parked = house.store.parked(organisation, page).await?;
        for parked in parked.items.iter().filter(|parked| parked.rule == id) {
            unpark(house, organisation, id, parked.subject, Unpark::Retry).await?;
        }
        match parked.next {
            Some(next) => page.after = Some(next),
            None => return Ok(()),
        }
    }
}
