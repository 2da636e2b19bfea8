use super::{Rule, RuleMode};
use crate::error::Error;
use crate::house::House;
use crate::id::OrganisationId;
use crate::page::PageRequest;

/// The active rules of an organisation, oldest first.
pub async fn at_work(house: &House, organisation: OrganisationId) -> Result<Vec<Rule>, Error> {
    let mut rules = Vec::new();
    let mut page = PageRequest { after: None, limit: 200 };
    loop {
        let part = house.store.rules(organisation, page).await?;
        rules.extend(part.items.into_iter().filter(|rule| rule.mode == RuleMode::Active));
        match part.next {
            Some(after) => page.after = Some(after),
            None => return Ok(rules),
        }
    }
}
