//! Somebody answers for what an event said.

use super::find;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, ProposalId};
use crate::subjects::{self, Linked, Subject};

/// Lets the identifier lead to the subject, verified; the subject that it leads to so far is merged into this one. Both settle the proposal
/// in their own transactions, so that doing it again after a crash goes on where it stopped.
///
/// # Errors
/// [`Error::NotFound`] unless it is open; [`Error::Conflict`] if it would make a person and an organisation one.
pub async fn accept(house: &House, organisation: OrganisationId, id: ProposalId) -> Result<Subject, Error> {
    let proposal = find(house, organisation, id).await?;
    let link = || house.store.link_identifier(proposal.subject, &proposal.identifier, house.clock.now());
    if let Linked::Elsewhere(other) = link().await? {
        subjects::merge(house, organisation, proposal.subject, other).await?;
        link().await?;
    }
    subjects::find(house, organisation, proposal.subject).await
}
