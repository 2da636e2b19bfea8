use async_trait::async_trait;

use super::Pass;
use crate::store::StoreError;
use crate::time::Timestamp;

/// Links and sessions, stored by the SHA-256 of their secret.
#[async_trait]
pub trait SignInStore: Send + Sync {
    /// Adds a link, and sweeps links and sessions that have expired.
    async fn insert_sign_in_link(&self, digest: [u8; 32], link: Pass, now: Timestamp) -> Result<(), StoreError>;
    /// A link that was not used yet, expired or not.
    async fn sign_in_link(&self, digest: [u8; 32]) -> Result<Option<Pass>, StoreError>;
    /// Takes a link away and begins a session of its subject, in one transaction. None when there is no such link, or it has expired.
    async fn redeem_sign_in_link(
        &self,
        link: [u8; 32],
        session: [u8; 32],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Option<Pass>, StoreError>;
    /// A session, expired or not.
    async fn session(&self, digest: [u8; 32]) -> Result<Option<Pass>, StoreError>;
    /// Ends a session. False when there is none.
    async fn end_session(&self, digest: [u8; 32]) -> Result<bool, StoreError>;
}
