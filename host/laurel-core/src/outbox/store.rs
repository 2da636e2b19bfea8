use async_trait::async_trait;

use super::OutboxRow;
use crate::id::{OrganisationId, OutboxId, Partitions};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

/// The outbox, stored.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Rows of subjects in these partitions not yet relayed, oldest first.
    async fn unrelayed(&self, partitions: Partitions, max: usize) -> Result<Vec<OutboxRow>, StoreError>;
    /// How many rows are not yet relayed, everywhere.
    async fn count_unrelayed(&self) -> Result<u64, StoreError>;
    /// Marks rows as relayed.
    async fn mark_relayed(&self, rows: &[OutboxId]) -> Result<(), StoreError>;
    /// All rows of an organisation, oldest first.
    async fn outbox(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<OutboxRow>, StoreError>;
}
