use async_trait::async_trait;

use super::{
    Block, Changed, ChangedList, IssuedPlace, Purpose, StatusChange, StatusDocument, StatusList, StatusOutcome, Topic,
};
use crate::id::{OrganisationId, PublicId, StatusListId};
use crate::organisations::StatusEntries;
use crate::store::StoreError;
use crate::time::Timestamp;

/// Status lists, stored.
#[async_trait]
pub trait StatusStore: Send + Sync {
    /// Adds a list; it counts as changed until it is first published.
    async fn insert_status_list(&self, list: &StatusList, now: Timestamp) -> Result<(), StoreError>;
    /// By public id.
    async fn status_list(&self, id: PublicId) -> Result<Option<StatusList>, StoreError>;
    /// Hands out up to `want` counters of the organisation's newest list of this kind; none when it has no such list or that one is full or
    /// void.
    async fn take_status_block(
        &self,
        organisation: OrganisationId,
        entries: StatusEntries,
        want: u32,
    ) -> Result<Option<Block>, StoreError>;
    /// Lists that changed since they were published, in the order of their ids, those after `after`, at most `max`. A void list counts
    /// as changed only until it is published as such.
    async fn changed_status_lists(
        &self,
        which: Changed,
        after: Option<StatusListId>,
        max: usize,
    ) -> Result<Vec<StatusListId>, StoreError>;
    /// A list with every index that is set, if it changed since it was published.
    async fn changed_status_list(&self, id: StatusListId) -> Result<Option<ChangedList>, StoreError>;
    /// How many lists changed since they were published.
    async fn count_unpublished(&self) -> Result<u64, StoreError>;
    /// The lists of an organisation count as never published, so that they are signed anew, and soon.
    async fn renew_status_lists(&self, organisation: OrganisationId) -> Result<(), StoreError>;
    /// The lists of an organisation become void, and count as never published. Gives those that are not published as void yet.
    async fn void_status_lists(&self, organisation: OrganisationId) -> Result<Vec<StatusListId>, StoreError>;
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
    /// Stores documents of a list as it was read, in the place of those for the same topics, unless anything was published since. The list
    /// still counts as changed if its revision has grown.
    async fn publish_status_list(
        &self,
        changed: &ChangedList,
        documents: &[StatusDocument],
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// A published document and when it was published.
    async fn status_document(&self, id: PublicId, topic: Topic) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError>;
    /// Lets the credential at this place of a list say the messages with these numbers, and no other.
    async fn set_status_messages(&self, list: PublicId, index: u32, numbers: &[u8]) -> Result<(), StoreError>;
    /// The numbers of the messages that are said at this place, in order.
    async fn status_messages(&self, list: PublicId, index: u32) -> Result<Vec<u8>, StoreError>;
}
