use async_trait::async_trait;

use super::{Issued, IssuedKind};
use crate::id::{IssuedId, OrganisationId, PublicId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

/// Endorsements and records, stored. Their documents are read as those of awards are
/// ([`CredentialStore::credential`](crate::credentials::CredentialStore::credential)).
#[async_trait]
pub trait IssuedStore: Send + Sync {
    /// Adds one with its signed document.
    async fn insert_issued(&self, issued: &Issued, document: &[u8]) -> Result<(), StoreError>;
    /// By id.
    async fn issued(&self, id: IssuedId) -> Result<Option<Issued>, StoreError>;
    /// By public id.
    async fn issued_by_public_id(&self, id: PublicId) -> Result<Option<Issued>, StoreError>;
    /// Of one kind by an organisation, oldest first.
    async fn issued_by(
        &self,
        organisation: OrganisationId,
        kind: IssuedKind,
        page: PageRequest,
    ) -> Result<Page<Issued>, StoreError>;
}
