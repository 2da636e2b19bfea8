//! Issues a credential that somebody else composed: the issuer of the VC-API. No award of the house stands behind it, and it is not kept;
//! only the place of its statuses is.

use laurel_openbadges::contexts::{CREDENTIALS_STATUS_V1, CREDENTIALS_V1, DATA_INTEGRITY_V2};
use laurel_openbadges::verify::Outcome;
use serde_json::{Map, Value, json};

use super::surroundings::Surroundings;
use super::{Key, SignError, SigningJob, sign_one};
use crate::awards::{IssuerIdentity, Places};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::organisations::{Organisation, StatusEntries};
use crate::status::{self, IssuedPlace, Topic};

/// What is to be issued.
#[derive(Clone, Debug)]
pub struct IssueRequest<'a> {
    /// The unsigned credential, JSON. Its issuer must be the organisation.
    pub credential: &'a [u8],
    /// An `id` for a credential that has none.
    pub id: Option<String>,
    /// Give it a place in a status list for each of these. With an `id`, they can be changed later ([`status::change`]).
    pub purposes: Vec<status::Purpose>,
    /// Where related resources may come from, to compare their digests.
    pub around: Surroundings<'a>,
}

/// Checks, completes and signs a credential; returns its exact bytes.
///
/// # Errors
/// [`Error::Invalid`] with every fault, each at `/credential`: what a verifier would not accept is not signed.
pub async fn issue(house: &House, organisation: &Organisation, request: IssueRequest<'_>) -> Result<Vec<u8>, Error> {
    let key = house.store.active_key(organisation.id).await?;
    let key = key.ok_or_else(|| Error::Conflict("the organisation has no active key; make one first".into()))?;
    let identity = IssuerIdentity::of(organisation, &key.public).map_err(|why| Error::Internal(why.to_string()))?;
    lint(request.credential, &request.around).await?;
    let document = complete(house, organisation, &key, &identity, &request).await?;
    let job = SigningJob {
        document: &document,
        suite: organisation.suite,
        verification_method: &identity.verification_method,
        created: house.clock.now(),
    };
    match sign_one(house, &key, job).await? {
        Err(SignError::Document(why)) => Err(Error::invalid("/credential", why)),
        answer => Ok(answer?),
    }
}

async fn lint(credential: &[u8], around: &Surroundings<'_>) -> Result<(), Error> {
    let verifier = around.verifier().await?;
    let material = around.material(&verifier, credential).await?;
    let report = verifier.lint(credential, &material);
    let faults = report.checks.into_iter().filter(|check| check.outcome == Outcome::Fail);
    let faults: Vec<Problem> = faults.map(|check| Problem::at("/credential", check.message)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The document to sign: the very bytes that came, unless something has to be added.
async fn complete(
    house: &House,
    organisation: &Organisation,
    key: &Key,
    identity: &IssuerIdentity,
    request: &IssueRequest<'_>,
) -> Result<Vec<u8>, Error> {
    let unread = |why: serde_json::Error| Error::invalid("/credential", why.to_string());
    let mut document: Map<String, Value> = serde_json::from_slice(request.credential).map_err(unread)?;
    check_parties(&document, identity)?;
    let mut changed = false;
    if let (Some(id), false) = (&request.id, document.contains_key("id")) {
        document.insert("id".to_owned(), json!(id));
        changed = true;
    }
    let embedded = !organisation.suite.is_token();
    if embedded && names_context(&document, CREDENTIALS_V1) && !names_context(&document, DATA_INTEGRITY_V2) {
        // The older contexts do not define the proof.
        changed |= add_context(&mut document, DATA_INTEGRITY_V2);
    }
    if !request.purposes.is_empty() {
        add_status(house, key, &mut document, &request.purposes).await?;
        changed = true;
    }
    if changed {
        serde_json::to_vec(&document).map_err(|why| Error::Internal(why.to_string()))
    } else {
        Ok(request.credential.to_vec())
    }
}

fn check_parties(document: &Map<String, Value>, identity: &IssuerIdentity) -> Result<(), Error> {
    let issuer = document.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str()));
    if issuer != Some(&identity.id) {
        return Err(Error::invalid("/credential/issuer", format!("must be {}, whose key signs here", identity.id)));
    }
    if document.contains_key("proof") {
        return Err(Error::invalid("/credential/proof", "the credential is signed already"));
    }
    Ok(())
}

fn names_context(document: &Map<String, Value>, url: &str) -> bool {
    let contexts = document.get("@context").and_then(Value::as_array);
    contexts.is_some_and(|contexts| contexts.iter().any(|each| each == url))
}

fn add_context(document: &mut Map<String, Value>, url: &str) -> bool {
    let Some(contexts) = document.get_mut("@context").and_then(Value::as_array_mut) else { return false };
    contexts.push(json!(url));
    true
}

async fn add_status(
    house: &House,
    key: &Key,
    document: &mut Map<String, Value>,
    purposes: &[status::Purpose],
) -> Result<(), Error> {
    if document.contains_key("credentialStatus") {
        return Err(Error::invalid("/credential/credentialStatus", "is the issuer's to add"));
    }
    if names_context(document, CREDENTIALS_V1) && !names_context(document, CREDENTIALS_STATUS_V1) {
        // Nor the status.
        add_context(document, CREDENTIALS_STATUS_V1);
    }
    let place = Places::default().take(house, key, StatusEntries::Several, 1).await?;
    if let Some(id) = document.get("id").and_then(Value::as_str) {
        let issued = IssuedPlace {
            organisation: key.organisation,
            credential: id.to_owned(),
            list: place.list,
            index: place.index,
            purposes: purposes.to_vec(),
            created: house.clock.now(),
        };
        house.store.insert_issued_place(&issued).await?;
    }
    // A list is there before anything names it.
    if house.store.status_document(place.public_id, Topic::Purpose(purposes[0])).await?.is_none() {
        status::publish(house, place.list).await?;
    }
    let entries = purposes.iter().map(|purpose| place.entry(&house.base_url, Topic::Purpose(*purpose)));
    let entries = entries.map(|entry| serde_json::to_value(&entry)).collect::<Result<Vec<_>, _>>();
    let mut entries = entries.map_err(|why| Error::Internal(why.to_string()))?;
    let entries = if entries.len() == 1 { entries.remove(0) } else { Value::Array(entries) };
    document.insert("credentialStatus".to_owned(), entries);
    Ok(())
}
