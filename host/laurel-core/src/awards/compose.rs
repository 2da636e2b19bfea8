//! Composes the unsigned Open Badges credential of an award. Everything in it is fixed here; the signer only signs.

use laurel_openbadges::documents::{
    Achievement as BadgeAchievement, AchievementSubject, AchievementType, Alignment as BadgeAlignment, Criteria,
    Evidence, Image, OpenBadgeCredential, Profile,
};
use serde::Deserialize;

use super::UnsignedDocument;
use super::issuer::Bench;
use super::places::Place;
use crate::achievements::{Achievement, Alignment};
use crate::error::Error;
use crate::id::PublicId;
use crate::random::Random;
use crate::status::Purpose;
use crate::time::Timestamp;

/// What a rule or a person adds to an award: the `details` of `wit/criteria`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// What speaks for it.
    pub(crate) evidence: Vec<EvidenceDetail>,
    /// How the earner met the criteria.
    pub(crate) narrative: Option<String>,
}

/// One piece of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct EvidenceDetail {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) narrative: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) genre: Option<String>,
}

/// An award, ready to be composed.
pub(crate) struct Composed<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) bench: &'a Bench,
    pub(crate) achievement: &'a Achievement,
    pub(crate) public_id: PublicId,
    pub(crate) place: Place,
    pub(crate) awarded: Timestamp,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) details: Details,
}

/// The document and everything the signer needs beside it.
pub(crate) fn compose(award: &Composed<'_>, random: &dyn Random) -> Result<UnsignedDocument, Error> {
    let bytes = credential(award, random).to_bytes().map_err(|why| Error::invalid("", why.to_string()))?;
    Ok(UnsignedDocument {
        bytes,
        suite: award.bench.organisation.suite,
        key: award.bench.key.id,
        verification_method: award.bench.identity.verification_method.clone(),
        created: award.awarded,
        status_list: award.place.list,
        status_index: award.place.index,
    })
}

fn credential(award: &Composed<'_>, random: &dyn Random) -> OpenBadgeCredential {
    let url = format!("{}/credentials/{}", award.base_url, award.public_id);
    // A random URN per credential: two credentials of one earner cannot be joined by their subject.
    let earner = format!("urn:uuid:{}", PublicId::new(random).0.hyphenated());
    let mut subject = AchievementSubject::new(earner, achievement(award));
    subject.narrative.clone_from(&award.details.narrative);
    let text = &award.achievement.version.text;
    let mut credential =
        OpenBadgeCredential::new(url.clone(), text.name.clone(), issuer(award), seconds(award.awarded), subject);
    credential.image = Some(Image::new(format!("{url}/emblem.svg")));
    credential.valid_until = award.valid_until.map(seconds);
    credential.awarded_date = Some(seconds(award.awarded));
    credential.evidence = award.details.evidence.iter().map(evidence).collect();
    credential.status =
        [Purpose::Revocation, Purpose::Suspension].map(|purpose| award.place.entry(award.base_url, purpose)).into();
    credential
}

fn seconds(time: Timestamp) -> laurel_openbadges::Timestamp {
    laurel_openbadges::Timestamp::from_unix_seconds(time.0.div_euclid(1000))
}

fn issuer(award: &Composed<'_>) -> Profile {
    let organisation = &award.bench.organisation;
    let mut profile = Profile::named(award.bench.identity.id.clone(), organisation.name.clone());
    profile.url.clone_from(&organisation.url);
    profile.description.clone_from(&organisation.description);
    profile.email.clone_from(&organisation.email);
    profile
}

fn achievement(award: &Composed<'_>) -> BadgeAchievement {
    let version = &award.achievement.version;
    let url = format!("{}/achievements/{}", award.base_url, award.achievement.id);
    let criteria = Criteria { id: Some(url.clone()), narrative: Some(version.text.criteria.clone()) };
    let mut achievement =
        BadgeAchievement::new(url, version.text.name.clone(), version.text.description.clone(), criteria);
    achievement.achievement_type = version.text.achievement_type.as_deref().and_then(AchievementType::named);
    achievement.tag.clone_from(&version.text.tags);
    achievement.alignment = version.text.alignments.iter().map(alignment).collect();
    achievement.version = Some(version.number.to_string());
    achievement.image = version.text.image.map(|id| Image::new(format!("{}/images/{id}", award.base_url)));
    achievement
}

fn alignment(alignment: &Alignment) -> BadgeAlignment {
    let mut target = BadgeAlignment::new(alignment.name.clone(), alignment.url.clone());
    target.target_framework.clone_from(&alignment.framework);
    target.target_code.clone_from(&alignment.code);
    target
}

fn evidence(detail: &EvidenceDetail) -> Evidence {
    let mut evidence = Evidence::default();
    match detail.id.as_deref() {
        Some(id) if is_absolute(id) => evidence.id = Some(id.to_owned()),
        // A plugin's word is not worth an unsignable credential: what is no URL stays readable, as text.
        Some(id) => evidence.description = Some(id.to_owned()),
        None => {}
    }
    evidence.name.clone_from(&detail.name);
    evidence.narrative.clone_from(&detail.narrative);
    evidence.description = evidence.description.or_else(|| detail.description.clone());
    evidence.genre.clone_from(&detail.genre);
    evidence
}

fn is_absolute(id: &str) -> bool {
    let clean = !id.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c));
    clean && ["https://", "http://", "urn:"].iter().any(|scheme| id.len() > scheme.len() && id.starts_with(scheme))
}
