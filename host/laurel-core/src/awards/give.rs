//! Awards directly, without a rule: by an operator or a partner system through the API.

use serde_json::Value;

use super::issuer::Bench;
use super::{Award, Composed, Desk, NewAward, Places, UnsignedAward, compose, read_details};
use crate::achievements::{BadgeKind, achievement_url};
use crate::bell::Work;
use crate::credentials::{Surroundings, hand_to_signers};
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, AwardId, OrganisationId, OutboxId, PublicId, SubjectId};
use crate::issued;
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
    /// JSON object: [`Details`](super::Details). Whatever cannot be taken as it is makes the request invalid.
    pub details: String,
    /// Signed endorsements of the achievement or the organisation, for its credential to carry.
    pub endorsements: Vec<Value>,
    /// Who awards, in words (a token's name).
    pub by: String,
}

/// Awards directly. The second value is false when the key had been used for this very award before.
/// `around` is where the issuers of endorsements are asked for.
pub async fn give(
    house: &House,
    organisation: OrganisationId,
    request: DirectAward,
    around: Surroundings<'_>,
) -> Result<(Award, bool), Error> {
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
    let (details, problems) = read_details(&request.details, &achievement.version.text);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems).below("/details"));
    }
    check_endorsements(house, &bench, &request, around).await?;
    let valid_until = request.valid_until.or_else(|| achievement.version.text.valid_until(awarded));
    let public_id = PublicId::new(house.random.as_ref());
    let place = Places::default().take(house, &bench.key, bench.organisation.status_entries, 1).await?;
    let composed = Composed {
        base_url: &house.base_url,
        bench: &bench,
        achievement: &achievement,
        public_id,
        place,
        awarded,
        valid_until,
        details,
        endorsements: &request.endorsements,
    };
    let document = compose(&composed, house.random.as_ref())?;
    let given = NewAward {
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
    let (award, new) = house.store.insert_award(&given).await?;
    // The award stays with the subject it was given to, whatever that was merged into since.
    let same = award.subject == subject || house.store.subject_family(subject).await?.contains(&award.subject);
    if !same || award.achievement != achievement.id {
        return Err(Error::Conflict("this key was used for another award".into()));
    }
    if new {
        hand_to_signers(house, std::iter::once(UnsignedAward::of(&given)));
    }
    house.bell.ring(Work::Outbox);
    Ok((award, new))
}

async fn check_endorsements(
    house: &House,
    bench: &Bench,
    request: &DirectAward,
    around: Surroundings<'_>,
) -> Result<(), Error> {
    let problems = issued::check_carried_form(&request.endorsements);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let achievement = achievement_url(request.achievement, &house.base_url);
    let endorsed = [achievement.as_str(), &bench.identity.id];
    issued::check_carried(&bench.organisation, &endorsed, &request.endorsements, around).await
}
