//! A subject of an organisation, by id or by one of its identifiers.

use super::{Identifier, Subject};
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, SubjectId};

/// By id, as stored: a merged one says into which.
pub async fn find(house: &House, organisation: OrganisationId, id: SubjectId) -> Result<Subject, Error> {
    let subject = house.store.subject(id).await?.filter(|subject| subject.organisation == organisation);
    subject.ok_or(Error::NotFound("subject"))
}

/// The subject an identifier leads to.
pub async fn find_by_identifier(
    house: &House,
    organisation: OrganisationId,
    identifier: Identifier,
) -> Result<Option<Subject>, Error> {
    let identifier = identifier.normalised().map_err(|message| Error::invalid("", message))?;
    Ok(house.store.subject_by_identifier(organisation, &identifier).await?)
}
