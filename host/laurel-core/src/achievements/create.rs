//! Something new to earn.

use super::{Achievement, BadgeKind, Text, Version};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{AchievementId, OrganisationId, VersionId};
use crate::images;

/// Makes an achievement with its first version.
pub async fn create(
    house: &House,
    organisation: OrganisationId,
    kind: BadgeKind,
    text: Text,
) -> Result<Achievement, Error> {
    let mut problems = text.check();
    if !text.endorsements.is_empty() {
        let why = "nobody can have endorsed what is not there yet: make it, have it endorsed, then write a new version";
        problems.push(Problem::at("/endorsements", why));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    images::check(house, organisation, text.image).await?;
    let now = house.clock.now();
    let version = Version { id: VersionId::new(now, &*house.random), number: 1, text, created: now };
    let id = AchievementId::new(now, &*house.random);
    let achievement = Achievement { id, organisation, kind, created: now, archived: None, version };
    house.store.insert_achievement(&achievement).await?;
    Ok(achievement)
}
