//! What events propose of identities. An event never attaches an address to an account that is in use, and never merges two subjects that
//! are known: what it says of them is kept as a proposal, which somebody accepts or dismisses.

mod accept;
mod dismiss;
mod store;

pub use accept::accept;
pub use dismiss::dismiss;
pub use store::ProposalStore;

use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, ProposalId, SubjectId};
use crate::subjects::Identifier;
use crate::time::Timestamp;

/// An event said that an identifier is a subject's, and nobody decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Whose.
    pub organisation: OrganisationId,
    /// To whom the event was attributed.
    pub subject: SubjectId,
    /// What else the event named.
    pub identifier: Identifier,
    /// Where the identifier leads just now: to another subject, which would be merged, or to nobody, and it would be linked.
    pub leads_to: Option<SubjectId>,
    /// Source of the first event that said so.
    pub source: String,
    /// Its id there.
    pub event: String,
    /// When that was.
    pub since: Timestamp,
}

/// An open proposal of an organisation.
async fn find(house: &House, organisation: OrganisationId, id: ProposalId) -> Result<Proposal, Error> {
    let proposal = house.store.proposal(id).await?.filter(|proposal| proposal.organisation == organisation);
    proposal.ok_or(Error::NotFound("open proposal"))
}
