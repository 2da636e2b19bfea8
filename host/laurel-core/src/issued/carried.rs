//! Endorsements that an achievement or an award carries in its documents: signed by whoever speaks for it, here or elsewhere.

use laurel_openbadges::Limits;
use laurel_openbadges::jwt::unverified;
use laurel_openbadges::verify::Outcome;
use serde_json::Value;

use super::find::is_revoked;
use crate::credentials::{self, Presented, Surroundings, Unreadable};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::PublicId;
use crate::organisations::Organisation;
use crate::time::Timestamp;

/// The most endorsements of one achievement: so many do verifiers look at.
const MOST: usize = 16;

/// What is wrong with the form of endorsements: documents are objects, tokens are texts, and there are not too many.
pub(crate) fn check_form(endorsements: &[Value]) -> Vec<Problem> {
    if endorsements.len() > MOST {
        return vec![Problem::at("/endorsements", format!("{MOST} endorsements are the most"))];
    }
    let strange = endorsements.iter().enumerate().filter(|(_, each)| !each.is_object() && !each.is_string());
    let why = "an endorsement is a signed document (an object) or a token (a text)";
    strange.map(|(index, _)| Problem::at(format!("/endorsements/{index}"), why)).collect()
}

/// Verifies endorsements of what has one of these identifiers, and that the organisation's documents can carry them.
///
/// # Errors
/// [`Error::Invalid`], at `/endorsements/{n}`, for each that is not genuine, does not count, or speaks for something else.
pub(crate) async fn check(
    organisation: &Organisation,
    endorsed: &[&str],
    endorsements: &[Value],
    around: Surroundings<'_>,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (index, endorsement) in endorsements.iter().enumerate() {
        if let Err(why) = judge(organisation, endorsed, endorsement, around).await? {
            problems.push(Problem::at(format!("/endorsements/{index}"), why));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Those that are documents, and those that are tokens.
pub(crate) fn by_form(endorsements: &[Value]) -> (Vec<Value>, Vec<String>) {
    let documents = endorsements.iter().filter(|each| each.is_object()).cloned();
    (documents.collect(), endorsements.iter().filter_map(|each| each.as_str().map(str::to_owned)).collect())
}

async fn judge(
    organisation: &Organisation,
    endorsed: &[&str],
    endorsement: &Value,
    around: Surroundings<'_>,
) -> Result<Result<(), String>, Error> {
    let document = match endorsement {
        // Strict readers of documents with a proof inside do not know the member that holds tokens.
        Value::String(_) if !organisation.suite.is_token() => {
            let why = "a token can only be carried by an organisation whose credentials are tokens: ask for a document with its proof inside";
            return Ok(Err(why.to_owned()));
        }
        Value::String(token) => token.clone().into_bytes(),
        document => serde_json::to_vec(document).map_err(|why| Error::Internal(why.to_string()))?,
    };
    if let Err(why) = speaks_for(&document, endorsed) {
        return Ok(Err(why));
    }
    match credentials::verify(Presented::Document(&document), around).await {
        Ok(verified) if verified.report.is_valid() => Ok(Ok(())),
        Ok(verified) => {
            let checks = verified.report.checks.into_iter();
            let failed: Vec<String> =
                checks.filter(|check| check.outcome != Outcome::Pass).map(|check| check.message).collect();
            Ok(Err(failed.join(" ")))
        }
        Err(Unreadable::House(error)) => Err(error),
        Err(why) => Ok(Err(why.to_string())),
    }
}

fn speaks_for(document: &[u8], endorsed: &[&str]) -> Result<(), String> {
    let said = unverified(document, &Limits::default()).map_err(|why| why.to_string())?;
    let said: Value = serde_json::from_slice(&said).map_err(|why| why.to_string())?;
    let is_endorsement =
        said["type"].as_array().is_some_and(|types| types.iter().any(|each| each == "EndorsementCredential"));
    let subject = said["credentialSubject"]["id"].as_str().unwrap_or("nothing");
    match (is_endorsement, endorsed.contains(&subject)) {
        (true, true) => Ok(()),
        (false, _) => Err("this is not an EndorsementCredential".to_owned()),
        (true, false) => Err(format!("it speaks for {subject}, not for {}", endorsed.join(" or "))),
    }
}

/// Who speaks for a thing, in an endorsement that its documents carry: those who issue the documents let them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Who, by the name in the endorsement or else its identifier.
    pub by: String,
    /// The endorsement's identifier, which may be an address.
    pub id: Option<String>,
}

/// Those of carried endorsements, verified when they were taken, that still count as far as this house knows.
pub(crate) async fn spoken(house: &House, carried: &[Value]) -> Result<Vec<Spoken>, Error> {
    let mut spoken = Vec::new();
    for endorsement in carried {
        let bytes = bytes(endorsement);
        let Some(said) = read(&bytes) else { continue };
        if credentials::is_lost(house, &bytes).await? {
            continue;
        }
        let id = said["id"].as_str().map(str::to_owned);
        let until = said["validUntil"].as_str().and_then(|until| until.parse::<Timestamp>().ok());
        let is_over = until.is_some_and(|until| until <= house.clock.now());
        if is_over || is_revoked_here(house, id.as_deref()).await? {
            continue;
        }
        let issuer = &said["issuer"];
        let by = issuer["name"].as_str().or(issuer["id"].as_str()).or(issuer.as_str());
        spoken.extend(by.map(|by| Spoken { by: by.to_owned(), id }));
    }
    Ok(spoken)
}

async fn is_revoked_here(house: &House, id: Option<&str>) -> Result<bool, Error> {
    let own =
        id.and_then(|id| id.strip_prefix(&*house.base_url)?.strip_prefix("/credentials/")?.parse::<PublicId>().ok());
    let Some(own) = own else { return Ok(false) };
    match house.store.issued_by_public_id(own).await? {
        Some(issued) => is_revoked(house, &issued).await,
        None => Ok(false),
    }
}

/// The endorsements that a credential of ours carries of itself, beside those in its achievement.
pub(crate) fn carried_in(credential: &[u8]) -> Vec<Value> {
    let Some(said) = read(credential) else { return Vec::new() };
    let lists = ["endorsement", "endorsementJwt"].map(|member| said[member].as_array().cloned().unwrap_or_default());
    lists.concat()
}

/// An endorsement as it would be presented alone, be it a document or a token.
fn bytes(endorsement: &Value) -> Vec<u8> {
    match endorsement {
        Value::String(token) => token.clone().into_bytes(),
        document => document.to_string().into_bytes(),
    }
}

fn read(document: &[u8]) -> Option<Value> {
    serde_json::from_slice(&unverified(document, &Limits::default()).ok()?).ok()
}
