//! An achievement is no longer offered.

use super::{Achievement, find};
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, OrganisationId};

/// Archives it; what was earned stays. Doing it again changes nothing.
pub async fn archive(house: &House, organisation: OrganisationId, id: AchievementId) -> Result<Achievement, Error> {
    let achievement = find(house, organisation, id).await?;
    if achievement.archived.is_some() {
        return Ok(achievement);
    }
    house.store.archive_achievement(id, house.clock.now()).await?;
    find(house, organisation, id).await
}
