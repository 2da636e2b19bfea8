//! Composes the unsigned Open Badges credential of an award. Everything in it is fixed here; the signer only signs.

use laurel_openbadges::documents::{AchievementSubject, Image, OpenBadgeCredential, RefreshService};
use laurel_openbadges::status::StatusEntry;
use serde_json::Value;

use super::details::{self, Details};
use super::issuer::Bench;
use super::places::Place;
use super::{UnsignedDocument, messages};
use crate::achievements::{Achievement, open_badge};
use crate::error::Error;
use crate::id::PublicId;
use crate::issued::by_form;
use crate::organisations::{StatusEntries, issuer_profile};
use crate::random::Random;
use crate::status::{Purpose, Topic};
use crate::time::Timestamp;

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
    /// What others say of its achievement or its issuer, verified.
    pub(crate) endorsements: &'a [Value],
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
    let text = &award.achievement.version.text;
    details::fill(&mut subject, &award.details, text);
    let issuer = issuer_profile(&award.bench.organisation, &award.bench.identity.id, award.base_url);
    let mut credential =
        OpenBadgeCredential::new(url.clone(), text.name.clone(), issuer, award.awarded.to_second(), subject);
    credential.image = Some(Image::new(format!("{url}/emblem.svg")));
    credential.valid_until = award.valid_until.map(Timestamp::to_second);
    credential.awarded_date = Some(award.awarded.to_second());
    credential.evidence = award.details.evidence.iter().map(details::evidence).collect();
    (credential.endorsement, credential.endorsement_jwt) = by_form(award.endorsements);
    credential.status = statuses(award);
    credential.refresh_service = Some(RefreshService::one_ed_tech(format!("{url}/refresh")));
    credential
}

fn statuses(award: &Composed<'_>) -> Vec<StatusEntry> {
    let revocation = Topic::Purpose(Purpose::Revocation);
    if award.place.entries == StatusEntries::One {
        return vec![award.place.entry(award.base_url, revocation)];
    }
    let topics = [revocation, Topic::Purpose(Purpose::Suspension), Topic::Refresh];
    let mut entries = topics.map(|topic| award.place.entry(award.base_url, topic)).to_vec();
    entries.extend(messages::entries(award.place, award.base_url, &award.bench.organisation.status_messages));
    entries
}
