use async_trait::async_trait;

use super::Proposal;
use crate::id::{OrganisationId, ProposalId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

/// Proposals, stored. They are written by [`EventLog::append`](crate::events::EventLog::append), follow their subjects through merges, and
/// are settled by whatever makes them true: [`SubjectStore::link_identifier`](crate::subjects::SubjectStore::link_identifier) and
/// [`SubjectStore::merge_subjects`](crate::subjects::SubjectStore::merge_subjects).
#[async_trait]
pub trait ProposalStore: Send + Sync {
    /// The open ones of an organisation, oldest first.
    async fn proposals(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Proposal>, StoreError>;
    /// An open one.
    async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>, StoreError>;
    /// Never proposed again. False unless it is open.
    async fn dismiss_proposal(&self, id: ProposalId) -> Result<bool, StoreError>;
}
