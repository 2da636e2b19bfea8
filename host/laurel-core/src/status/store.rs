use async_trait::async_trait;

use super::{Block, ChangedList, IssuedPlace, Purpose, StatusChange, StatusList, StatusOutcome, Topic};
use crate::id::{OrganisationId, PublicId};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Status lists, stored.
#[async_trait]
pub trait StatusStore: Send + Sync {
    /// Adds a list; it counts as changed until it is first published.
    async fn insert_status_list(&self, list: &StatusList, now: Timestamp) -> Result<(), StoreError>;
    /// By public id.
    async fn status_list(&self, id: PublicId) -> Result<Option<StatusList>, StoreError>;
    /// Hands out up to `want` counters of the organisation's newest list; none when it has no list or that one is full.
    async fn take_status_block(&self, organisation: OrganisationId, want: u32) -> Result<Option<Block>, StoreError>;
    /// Lists that changed since they were published, with every index that is set, at most `max` lists.
    async fn changed_status_lists(&self, max: usize) -> Result<Vec<ChangedList>, StoreError>;
    /// How many lists changed since they were published.
    async fn count_unpublished(&self) -> Result<u64, StoreError>;
    /// The lists of an organisation count as changed, so that they are signed anew.
    async fn renew_status_lists(&self, organisation: OrganisationId) -> Result<(), StoreError>;
    /// Notes a place before the credential that names it is signed.
    async fn insert_issued_place(&self, place: &IssuedPlace) -> Result<(), StoreError>;
    /// What is set at any place of a credential.
    async fn issued_statuses(&self, organisation: OrganisationId, credential: &str)
    -> Result<Vec<Purpose>, StoreError>;
    /// Sets and clears bits at every place of a credential, all of them or none. A revoked place stays revoked.
    async fn change_issued_statuses(
        &self,
        organisation: OrganisationId,
        credential: &str,
        changes: &[StatusChange],
    ) -> Result<StatusOutcome, StoreError>;
    /// Stores the published documents of a list, unless a later revision is there already. It still counts as changed if its revision
    /// has grown since.
    async fn publish_status_list(
        &self,
        list: &StatusList,
        revision: i64,
        documents: &[(Topic, Vec<u8>)],
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// A published document and when it was published.
    async fn status_document(&self, id: PublicId, topic: Topic) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError>;
    /// Lets the credential at this place of a list say the messages with these numbers, and no other.
    async fn set_status_messages(&self, list: PublicId, index: u32, numbers: &[u8]) -> Result<(), StoreError>;
    /// The numbers of the messages that are said at this place, in order.
    async fn status_messages(&self, list: PublicId, index: u32) -> Result<Vec<u8>, StoreError>;
}
