//! An award in the form of Open Badges 2.0, for sites that know no later version: three documents without a signature, true because
//! this host serves them.

use laurel_openbadges::documents::hosted::{
    Assertion, BadgeClass, HostedError, HostedEvidence, Issuer, Recipient, RevokedAssertion,
};
use laurel_openbadges::{Limits, jwt};
use serde::Serialize;
use serde_json::Value;

use super::{Shown, show};
use crate::achievements::{Achievement, emblem_url, open_badge};
use crate::awards::Standing;
use crate::error::Error;
use crate::house::House;
use crate::id::{AchievementId, OrganisationId, PublicId};
use crate::organisations::{Organisation, issuer_profile};
use crate::time::Timestamp;

/// What is served at the address of an assertion.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum HostedAssertion {
    /// The award stands.
    Standing(Box<Assertion>),
    /// It was taken back; served with HTTP status 410.
    Revoked(RevokedAssertion),
}

/// The address of the assertion of a credential.
pub fn assertion_url(house: &House, id: PublicId) -> String {
    format!("{}/credentials/{id}/assertion.json", house.base_url)
}

/// The assertion of a credential. Its recipient is the credential's own subject, which names nobody.
///
/// # Errors
/// [`Error::NotFound`] without such a credential, and as long as it is not signed; [`Error::Conflict`] if its organisation has no home
/// page or e-mail address, which Open Badges 2.0 demand.
pub async fn assertion(house: &House, id: PublicId) -> Result<HostedAssertion, Error> {
    let shown = show(house, id).await?;
    profile(house, &shown.organisation)?;
    let url = assertion_url(house, id);
    if shown.key_lost {
        let reason = "the key that signed it got into wrong hands".to_owned();
        return Ok(HostedAssertion::Revoked(RevokedAssertion::new(url, Some(reason))));
    }
    let reason = shown.award.reason.clone();
    match shown.award.standing {
        // Superseded: the credential stays as it was.
        Standing::Active | Standing::Superseded => {
            Ok(HostedAssertion::Standing(Box::new(standing(house, &shown, &url)?)))
        }
        // The older version knows no suspension; nobody should take a suspended badge for a good one.
        Standing::Suspended => {
            let reason = reason.unwrap_or_else(|| "suspended".to_owned());
            Ok(HostedAssertion::Revoked(RevokedAssertion::new(url, Some(reason))))
        }
        Standing::Revoked => Ok(HostedAssertion::Revoked(RevokedAssertion::new(url, reason))),
    }
}

/// What one version of an achievement is; the latest, unless another is named.
pub async fn badge_class(house: &House, id: AchievementId, version: Option<u32>) -> Result<BadgeClass, Error> {
    let achievement = house.store.achievement(id).await?.ok_or(Error::NotFound("achievement"))?;
    let Some(number) = version else { return Ok(class(house, &achievement)) };
    let versions = house.store.versions(id).await?;
    let version = versions.into_iter().find(|each| each.number == number).ok_or(Error::NotFound("version"))?;
    Ok(class(house, &Achievement { version, ..achievement }))
}

/// Who issues.
pub async fn issuer(house: &House, id: OrganisationId) -> Result<Issuer, Error> {
    let organisation = house.store.organisation(id).await?.ok_or(Error::NotFound("issuer"))?;
    profile(house, &organisation)
}

fn standing(house: &House, shown: &Shown, url: &str) -> Result<Assertion, Error> {
    let signed = shown.document.as_deref().ok_or(Error::NotFound("signed credential"))?;
    let said = jwt::unverified(signed, &Limits::default()).map_err(|why| Error::Internal(why.to_string()))?;
    let said: Value = serde_json::from_slice(&said).map_err(|why| Error::Internal(why.to_string()))?;
    let subject = &said["credentialSubject"];
    let recipient = Recipient::id(subject["id"].as_str().unwrap_or_default());
    let class = class_url(house, &shown.achievement);
    let evidence = said["evidence"].as_array().into_iter().flatten();
    let evidence: Result<Vec<HostedEvidence>, _> = evidence.map(|each| serde_json::from_value(each.clone())).collect();
    let mut assertion = Assertion::new(url, recipient, &class, shown.award.awarded.to_second());
    assertion.expires = shown.award.valid_until.map(Timestamp::to_second);
    assertion.narrative = subject["narrative"].as_str().map(str::to_owned);
    assertion.evidence = evidence.map_err(|why| Error::Internal(why.to_string()))?;
    Ok(assertion)
}

fn class(house: &House, achievement: &Achievement) -> BadgeClass {
    let badge = open_badge(achievement.id, &achievement.version, &house.base_url);
    let picture = emblem_url(achievement.id, &achievement.version, &house.base_url);
    BadgeClass::of(&badge, &class_url(house, achievement), picture, &issuer_url(house, achievement.organisation))
}

fn class_url(house: &House, achievement: &Achievement) -> String {
    let (id, number) = (achievement.id, achievement.version.number);
    format!("{}/achievements/{id}/badge-class.json?version={number}", house.base_url)
}

fn issuer_url(house: &House, id: OrganisationId) -> String {
    format!("{}/issuers/{id}", house.base_url)
}

fn profile(house: &House, organisation: &Organisation) -> Result<Issuer, Error> {
    let url = issuer_url(house, organisation.id);
    let issuer = Issuer::of(&issuer_profile(organisation, &url, &house.base_url), &url);
    issuer.map_err(|why: HostedError| Error::Conflict(why.to_string()))
}

/// What this house serves at an address of its own, as bytes; none if it is no address of such a document.
pub(super) async fn held_here(house: &House, url: &str) -> Result<Option<Vec<u8>>, Error> {
    let Some(path) = url.strip_prefix(&*house.base_url) else { return Ok(None) };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "credentials", id, "assertion.json"] => {
            let Ok(id) = id.parse() else { return Ok(None) };
            bytes(&assertion(house, id).await?)
        }
        ["", "achievements", id, file] => {
            let version = file.strip_prefix("badge-class.json?version=").and_then(|number| number.parse().ok());
            let (Ok(id), Some(version)) = (id.parse(), version) else { return Ok(None) };
            bytes(&badge_class(house, id, Some(version)).await?)
        }
        ["", "issuers", id] => {
            let Ok(id) = id.parse() else { return Ok(None) };
            bytes(&issuer(house, id).await?)
        }
        _ => Ok(None),
    }
}

fn bytes(document: &impl Serialize) -> Result<Option<Vec<u8>>, Error> {
    serde_json::to_vec(document).map(Some).map_err(|why| Error::Internal(why.to_string()))
}
