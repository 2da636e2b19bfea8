//! What an earner's page shows: credentials on the shelf and, apart from it, engagement badges and points.

use std::collections::HashMap;

use super::{Subject, current};
use crate::achievements::Achievement;
use crate::awards::{Award, Standing};
use crate::engagement::Engagement;
use crate::error::Error;
use crate::house::House;
use crate::id::{PublicId, VersionId};
use crate::organisations::Organisation;

/// An earner's page.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// Whose.
    pub subject: Subject,
    /// In whose program.
    pub organisation: Organisation,
    /// Credentials that count, newest first. Expired ones are among them.
    pub credentials: Vec<(Award, Achievement)>,
    /// Engagement badges that count, newest first.
    pub engagement: Vec<(Engagement, Achievement)>,
    /// Sum of all points.
    pub points: i64,
}

/// What is at an earner's address.
#[derive(Clone, Debug)]
pub enum Found {
    /// The page.
    Shelf(Box<Shelf>),
    /// The subject was merged: its page is at this id now.
    Moved(PublicId),
}

/// The shelf of the subject with this public id, with what it earned before merges.
pub async fn shelf(house: &House, id: PublicId) -> Result<Found, Error> {
    let store = &house.store;
    let subject = store.subject_by_public_id(id).await?.ok_or(Error::NotFound("earner"))?;
    if subject.merged_into.is_some() {
        let winner = current(house, subject.id).await?.ok_or(Error::NotFound("earner"))?;
        return Ok(Found::Moved(winner.public_id));
    }
    let organisation = store.organisation(subject.organisation).await?.ok_or(Error::NotFound("organisation"))?;
    let family = store.subject_family(subject.id).await?;
    let mut texts = Texts::default();
    let mut credentials = Vec::new();
    for award in store.awards_of(&family).await?.into_iter().rev().filter(|each| each.standing == Standing::Active) {
        let achievement = texts.at(house, award.version).await?;
        credentials.push((award, achievement));
    }
    let mut engagement = Vec::new();
    for badge in store.engagement_of(&family).await?.into_iter().rev().filter(|each| each.standing == Standing::Active)
    {
        let achievement = texts.at(house, badge.version).await?;
        engagement.push((badge, achievement));
    }
    let points = store.points_total(&family).await?;
    Ok(Found::Shelf(Box::new(Shelf { subject, organisation, credentials, engagement, points })))
}

/// Achievements by version, each read once.
#[derive(Default)]
struct Texts(HashMap<VersionId, Achievement>);

impl Texts {
    async fn at(&mut self, house: &House, version: VersionId) -> Result<Achievement, Error> {
        if let Some(known) = self.0.get(&version) {
            return Ok(known.clone());
        }
        let achievement = house.store.achievement_at(version).await?.ok_or(Error::NotFound("achievement"))?;
        self.0.insert(version, achievement.clone());
        Ok(achievement)
    }
}
