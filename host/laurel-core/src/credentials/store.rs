use async_trait::async_trait;

use super::{Credential, Key, KeyState};
use crate::id::{KeyId, OrganisationId, PublicId};
use crate::store::StoreError;

/// Credentials and keys, stored.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// Stores signed credentials and marks their awards as signed, in one transaction. One that is there already stays as it is.
    async fn insert_credentials(&self, credentials: &[Credential]) -> Result<(), StoreError>;
    /// The exact bytes.
    async fn credential(&self, id: PublicId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds a key. If it is active, the active one before retires in the same transaction.
    async fn insert_key(&self, key: &Key) -> Result<(), StoreError>;
    /// By id.
    async fn key(&self, id: KeyId) -> Result<Option<Key>, StoreError>;
    /// The one that signs.
    async fn active_key(&self, organisation: OrganisationId) -> Result<Option<Key>, StoreError>;
    /// All of an organisation, oldest first.
    async fn keys(&self, organisation: OrganisationId) -> Result<Vec<Key>, StoreError>;
    /// Changes the state. False when there is no such key.
    async fn set_key_state(&self, id: KeyId, state: KeyState) -> Result<bool, StoreError>;
}
