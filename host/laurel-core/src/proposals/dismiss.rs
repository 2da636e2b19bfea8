//! What an event said is not so, or nobody's business.

use super::find;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, ProposalId};

/// Dismisses a proposal for good: the same identifier is not proposed for the same subject again.
///
/// # Errors
/// [`Error::NotFound`] unless it is open.
pub async fn dismiss(house: &House, organisation: OrganisationId, id: ProposalId) -> Result<(), Error> {
    let proposal = find(house, organisation, id).await?;
    if house.store.dismiss_proposal(proposal.id).await? { Ok(()) } else { Err(Error::NotFound("open proposal")) }
}
