//! An achievement is no longer offered.

use super::{Achievement, Archiving, find};
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, OrganisationId};

/// Archives it; what was earned stays. Doing it again changes nothing.
///
/// # Errors
/// [`Error::Conflict`] while active rules award it, which the text names. They are not paused along with it: a paused rule no longer
/// suspends or revokes what it awarded either, which somebody has to decide.
pub async fn archive(house: &House, organisation: OrganisationId, id: AchievementId) -> Result<Achievement, Error> {
    let achievement = find(house, organisation, id).await?;
    if achievement.archived.is_some() {
        return Ok(achievement);
    }
    match house.store.archive_achievement(id, house.clock.now()).await? {
        Archiving::Done => find(house, organisation, id).await,
        Archiving::Missing => Err(Error::NotFound("achievement")),
        Archiving::AwardedBy(rules) => {
            let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
            Err(Error::Conflict(format!("active rules award it: pause {} first", rules.join(", "))))
        }
    }
}
