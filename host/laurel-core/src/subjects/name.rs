//! A subject's name for pages.

use super::{Subject, find};
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, SubjectId};
use crate::text::one_line;

/// Sets or takes away the name. Credentials signed before keep what they say.
pub async fn name(
    house: &House,
    organisation: OrganisationId,
    id: SubjectId,
    name: Option<String>,
) -> Result<Subject, Error> {
    let subject = find(house, organisation, id).await?;
    if let Some(Err(message)) = name.as_deref().map(|name| one_line(name, 200)) {
        return Err(Error::invalid("/name", message));
    }
    house.store.name_subject(id, name.as_deref()).await?;
    Ok(Subject { name, ..subject })
}
