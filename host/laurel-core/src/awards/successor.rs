//! What took the place of an award.

use std::collections::HashSet;

use super::Award;
use crate::error::Error;
use crate::house::House;

/// The award at the end of the chain of those that took each other's place; none if nothing took this one's.
pub(crate) async fn successor(house: &House, award: &Award) -> Result<Option<Award>, Error> {
    let mut seen = HashSet::from([award.id]);
    let mut last = None;
    let mut next = award.successor;
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        let Some(found) = house.store.award(id).await? else { break };
        next = found.successor;
        last = Some(found);
    }
    Ok(last)
}
