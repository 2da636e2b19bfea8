//! Another identifier for a subject.

use super::{Identifier, Linked, find};
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, SubjectId};

/// Lets an identifier lead to a subject, verified. True if it did not before.
///
/// # Errors
/// [`Error::Conflict`] if it leads to another subject, which the text names: linking never merges.
pub async fn link(
    house: &House,
    organisation: OrganisationId,
    subject: SubjectId,
    identifier: Identifier,
) -> Result<bool, Error> {
    let subject = find(house, organisation, subject).await?;
    if let Some(winner) = subject.merged_into {
        return Err(Error::Conflict(format!("this subject was merged into {winner}: link to that one")));
    }
    let identifier = identifier.normalised().map_err(|message| Error::invalid("", message))?;
    match house.store.link_identifier(subject.id, &identifier, house.clock.now()).await? {
        Linked::Now => Ok(true),
        Linked::Before => Ok(false),
        Linked::Elsewhere(other) => {
            Err(Error::Conflict(format!("it leads to the subject {other}: merge the two, or leave it")))
        }
    }
}
