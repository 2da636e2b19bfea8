//! Awards directly, without a rule: by an operator or a partner system through the API.

use super::{Award, Composed, Desk, Details, NewAward, Places, compose};
use crate::achievements::BadgeKind;
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, AwardId, OrganisationId, OutboxId, PublicId, SubjectId};
use crate::subjects;
use crate::time::Timestamp;

/// What is to be awarded, and to whom.
#[derive(Clone, Debug)]
pub struct DirectAward {
    /// To whom.
    pub subject: SubjectId,
    /// What: a credential of the organisation, not archived.
    pub achievement: AchievementId,
    /// The same key again gives the first award.
    pub key: String,
    /// End of validity; none means what the achievement says.
    pub valid_until: Option<Timestamp>,
    /// JSON object: `evidence` (list of `{id, name, narrative, description, genre}`), `narrative`.
    pub details: String,
    /// Who awards, in words (a token's name).
    pub by: String,
}

/// Awards directly. The second value is false when the key had been used for this very award before.
pub async fn give(house: &House, organisation: OrganisationId, request: DirectAward) -> Result<(Award, bool), Error> {
    let mut desk = Desk::default();
    let achievement = desk.achievement(house.store.as_ref(), request.achievement).await?;
    if achievement.organisation != organisation {
        return Err(Error::NotFound("achievement"));
    }
    if achievement.kind != BadgeKind::Credential {
        return Err(Error::invalid("/achievement", "an engagement badge cannot be awarded as a credential"));
    }
    if achievement.archived.is_some() {
        return Err(Error::Conflict("the achievement is archived".into()));
    }
    let subject =
        subjects::current(house, request.subject).await?.filter(|subject| subject.organisation == organisation);
    let subject = subject.ok_or(Error::NotFound("subject"))?.id;
    let bench = desk.bench(house.store.as_ref(), organisation).await?;
    let awarded = house.clock.now();
    let details =
        serde_json::from_str::<Details>(&request.details).map_err(|why| Error::invalid("/details", why.to_string()))?;
    let valid_until = request.valid_until.or_else(|| achievement.version.text.valid_until(awarded));
    let public_id = PublicId::new(house.random.as_ref());
    let place = Places::default().take(house, organisation, 1).await?;
    let composed = Composed {
        base_url: &house.base_url,
        bench: &bench,
        achievement: &achievement,
        public_id,
        place,
        awarded,
        valid_until,
        details,
    };
    let document = compose(&composed, house.random.as_ref())?;
    let award = NewAward {
        id: AwardId::new(awarded, house.random.as_ref()),
        public_id,
        organisation,
        subject,
        achievement: achievement.id,
        version: achievement.version.id,
        rule: None,
        key: request.key,
        awarded,
        valid_until,
        explanation: serde_json::json!({ "by": request.by }).to_string(),
        document,
        outbox: OutboxId::new(awarded, house.random.as_ref()),
        depth: 1,
    };
    let (award, new) = house.store.insert_award(&award).await?;
    // The award stays with the subject it was given to, whatever that was merged into since.
    let same = award.subject == subject || house.store.subject_family(subject).await?.contains(&award.subject);
    if !same || award.achievement != achievement.id {
        return Err(Error::Conflict("this key was used for another award".into()));
    }
    house.bell.ring(Work::Awards);
    house.bell.ring(Work::Outbox);
    Ok((award, new))
}
