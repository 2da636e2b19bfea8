//! A credential as its public page needs it.

use super::lost_keys::is_lost;
use crate::achievements::Achievement;
use crate::awards::{self, Award};
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::issued::{self, Spoken};
use crate::organisations::Organisation;
use crate::subjects;

/// A credential and what is known around it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The award as it stands.
    pub award: Award,
    /// What was earned, in the text of the award's version.
    pub achievement: Achievement,
    /// Who issued it.
    pub organisation: Organisation,
    /// The earner's name, if anybody gave one. Nothing else of the earner is public.
    pub earner: Option<String>,
    /// What its issuer says of it just now, beside its standing.
    pub messages: Vec<String>,
    /// The award that took this one's place, if one did.
    pub successor: Option<Award>,
    /// The key that signed it got into wrong hands: it does not verify any more.
    pub key_lost: bool,
    /// Who endorses it, of those whose endorsements it carries.
    pub endorsements: Vec<Spoken>,
    /// The exact bytes that were signed; none while the award waits for its signature.
    pub document: Option<Vec<u8>>,
}

/// The credential with this public id.
pub async fn show(house: &House, id: PublicId) -> Result<Shown, Error> {
    let store = &house.store;
    let award = store.award_by_public_id(id).await?.ok_or(Error::NotFound("credential"))?;
    let achievement = store.achievement_at(award.version).await?.ok_or(Error::NotFound("achievement"))?;
    let organisation = store.organisation(award.organisation).await?.ok_or(Error::NotFound("organisation"))?;
    let earner = subjects::current(house, award.subject).await?.and_then(|subject| subject.name);
    let document = store.credential(id).await?;
    let (messages, key_lost) = match &document {
        Some(document) => (awards::says(house, document).await?, is_lost(house, document).await?),
        None => (Vec::new(), false),
    };
    let successor = awards::successor(house, &award).await?;
    let mut carried = document.as_deref().map(issued::carried_in).unwrap_or_default();
    carried.extend(achievement.version.text.endorsements.iter().cloned());
    let endorsements = issued::spoken(house, &carried).await?;
    Ok(Shown { award, achievement, organisation, earner, messages, successor, key_lost, endorsements, document })
}
