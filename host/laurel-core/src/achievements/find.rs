//! An achievement of an organisation.

use super::Achievement;
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, OrganisationId};

/// By id, with its latest version.
pub async fn find(house: &House, organisation: OrganisationId, id: AchievementId) -> Result<Achievement, Error> {
    let found = house.store.achievement(id).await?.filter(|each| each.organisation == organisation);
    found.ok_or(Error::NotFound("achievement"))
}
