use async_trait::async_trait;

use super::Organisation;
use crate::credentials::Key;
use crate::id::OrganisationId;
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

/// Organisations, stored.
#[async_trait]
pub trait OrganisationStore: Send + Sync {
    /// Adds one and its first key, or neither. `Taken("slug")` when the slug is in use.
    async fn insert_organisation(&self, organisation: &Organisation, key: Option<&Key>) -> Result<(), StoreError>;
    /// Changes what it says of itself, issuer and suite. False when there is none with this id.
    async fn update_organisation(&self, organisation: &Organisation) -> Result<bool, StoreError>;
    /// By id.
    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// By slug.
    async fn organisation_by_slug(&self, slug: &str) -> Result<Option<Organisation>, StoreError>;
    /// All, oldest first.
    async fn organisations(&self, page: PageRequest) -> Result<Page<Organisation>, StoreError>;
}
