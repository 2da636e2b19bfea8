//! A new version of an achievement's text. What was earned keeps the old one.

use super::{Text, Version, achievement_url, find};
use crate::credentials::Surroundings;
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, OrganisationId, VersionId};
use crate::images;
use crate::issued;
use crate::store::StoreError;

/// Adds a version. The same text again adds none, and returns the latest. `around` is where the issuers of endorsements are asked for.
pub async fn revise(
    house: &House,
    organisation: OrganisationId,
    id: AchievementId,
    text: Text,
    around: Surroundings<'_>,
) -> Result<Version, Error> {
    let achievement = find(house, organisation, id).await?;
    if achievement.archived.is_some() {
        return Err(Error::Conflict("this achievement is archived: its text stays as it is".to_owned()));
    }
    let problems = text.check();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    images::check(house, organisation, text.image).await?;
    if achievement.version.text == text {
        return Ok(achievement.version);
    }
    if !text.endorsements.is_empty() {
        let issuer = house.store.organisation(organisation).await?.ok_or(Error::NotFound("organisation"))?;
        let url = achievement_url(id, &house.base_url);
        issued::check_carried(&issuer, &[&url], &text.endorsements, around).await?;
    }
    let now = house.clock.now();
    let number = achievement.version.number + 1;
    let version = Version { id: VersionId::new(now, &*house.random), number, text, created: now };
    match house.store.insert_version(id, &version).await {
        Ok(()) => Ok(version),
        Err(StoreError::Taken(_)) => {
            Err(Error::Conflict(format!("somebody else wrote version {number} at the same moment: read it first")))
        }
        Err(error) => Err(error.into()),
    }
}
