use async_trait::async_trait;

use super::Token;
use crate::id::{OrganisationId, TokenId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Tokens, stored by the SHA-256 of their secret.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Adds one.
    async fn insert_token(&self, token: &Token, digest: [u8; 32]) -> Result<(), StoreError>;
    /// The token with this digest, revoked or not.
    async fn token_by_digest(&self, digest: [u8; 32]) -> Result<Option<Token>, StoreError>;
    /// By id.
    async fn token(&self, id: TokenId) -> Result<Option<Token>, StoreError>;
    /// Of one organisation, or (none) of the platform.
    async fn tokens(&self, organisation: Option<OrganisationId>, page: PageRequest) -> Result<Page<Token>, StoreError>;
    /// Ends one. False when there is none, or it ended before.
    async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<bool, StoreError>;
    /// Whether there is any token at all (the first start makes one).
    async fn has_tokens(&self) -> Result<bool, StoreError>;
}
