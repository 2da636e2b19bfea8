//! Composes the unsigned Open Badges credential of an award. Everything in it is fixed here; the signer only signs.

use laurel_openbadges::documents::{AchievementSubject, Evidence, Image, OpenBadgeCredential, RefreshService};
use laurel_openbadges::status::StatusEntry;
use serde::Deserialize;

use super::issuer::Bench;
use super::places::Place;
use super::{UnsignedDocument, messages};
use crate::achievements::{Achievement, open_badge};
use crate::error::Error;
use crate::id::PublicId;
use crate::organisations::issuer_profile;
use crate::random::Random;
use crate::status::{Purpose, Topic};
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
    let achievement = open_badge(award.achievement.id, &award.achievement.version, award.base_url);
    let mut subject = AchievementSubject::new(earner, achievement);
    subject.narrative.clone_from(&award.details.narrative);
    let text = &award.achievement.version.text;
    let issuer = issuer_profile(&award.bench.organisation, &award.bench.identity.id);
    let mut credential =
        OpenBadgeCredential::new(url.clone(), text.name.clone(), issuer, award.awarded.to_second(), subject);
    credential.image = Some(Image::new(format!("{url}/emblem.svg")));
    credential.valid_until = award.valid_until.map(Timestamp::to_second);
    credential.awarded_date = Some(award.awarded.to_second());
    credential.evidence = award.details.evidence.iter().map(evidence).collect();
    credential.status = statuses(award);
    credential.refresh_service = Some(RefreshService::one_ed_tech(format!("{url}/refresh")));
    credential
}

fn statuses(award: &Composed<'_>) -> Vec<StatusEntry> {
    let topics = [Topic::Purpose(Purpose::Revocation), Topic::Purpose(Purpose::Suspension), Topic::Refresh];
    let mut entries = topics.map(|topic| award.place.entry(award.base_url, topic)).to_vec();
    entries.extend(messages::entries(award.place, award.base_url, &award.bench.organisation.status_messages));
    entries
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
