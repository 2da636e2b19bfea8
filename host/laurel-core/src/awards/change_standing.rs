//! An operator revokes, suspends or reinstates.

use super::{Authority, Award, Standing};
use crate::bell::Work;
use crate::engagement::Engagement;
use crate::error::Error;
use crate::house::House;
use crate::id::{AwardId, EngagementId, OrganisationId, OutboxId};
use crate::pipeline::{AwardRef, StandingChange};
use crate::text::prose;

/// An award of an organisation.
pub async fn find(house: &House, organisation: OrganisationId, id: AwardId) -> Result<Award, Error> {
    let award = house.store.award(id).await?.filter(|award| award.organisation == organisation);
    award.ok_or(Error::NotFound("award"))
}

/// Changes the standing of a credential's award. The status list tells verifiers at its next publication.
pub async fn change_standing(
    house: &House,
    organisation: OrganisationId,
    id: AwardId,
    to: Standing,
    reason: &str,
) -> Result<Award, Error> {
    let award = find(house, organisation, id).await?;
    change(house, AwardRef::Award(id), (award.standing, award.changed_by), to, reason).await?;
    find(house, organisation, id).await
}

/// Changes the standing of an engagement badge.
pub async fn change_engagement(
    house: &House,
    organisation: OrganisationId,
    id: EngagementId,
    to: Standing,
    reason: &str,
) -> Result<Engagement, Error> {
    let find = || async move {
        let badge = house.store.engagement(id).await?.filter(|badge| badge.organisation == organisation);
        badge.ok_or(Error::NotFound("engagement badge"))
    };
    let badge = find().await?;
    change(house, AwardRef::Engagement(id), (badge.standing, badge.changed_by), to, reason).await?;
    find().await
}

async fn change(
    house: &House,
    award: AwardRef,
    (from, set_by): (Standing, Option<Authority>),
    to: Standing,
    reason: &str,
) -> Result<(), Error> {
    prose(reason, 1000).map_err(|message| Error::invalid("/reason", message))?;
    let now = house.clock.now();
    let outbox = OutboxId::new(now, &*house.random);
    let by = Authority::Operator;
    let change = StandingChange { award, to, by, reason: reason.to_owned(), at: now, outbox, depth: 1 };
    // What a rule suspended becomes the operator's suspension; otherwise the same again changes nothing.
    if from == to && !change.applies_to(from, set_by) {
        return Ok(());
    }
    if house.store.change_standings(&[change]).await? == 0 {
        let why = format!("an award that is {} cannot become {}; revoking is for ever", from.as_str(), to.as_str());
        return Err(Error::Conflict(why));
    }
    house.bell.ring(Work::Outbox);
    house.bell.ring(Work::Statuses);
    Ok(())
}
