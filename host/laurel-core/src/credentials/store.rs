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

    /// Adds a key. If it is active, in the same transaction the active one before is retiring and one that was retiring is retired.
    async fn insert_key(&self, key: &Key) -> Result<(), StoreError>;
    /// By id.
    async fn key(&self, id: KeyId) -> Result<Option<Key>, StoreError>;
    /// The one that signs.
    async fn active_key(&self, organisation: OrganisationId) -> Result<Option<Key>, StoreError>;
    /// All of an organisation, oldest first.
    async fn keys(&self, organisation: OrganisationId) -> Result<Vec<Key>, StoreError>;
    /// The public halves of all keys that got into wrong hands, of every organisation.
    async fn compromised_keys(&self) -> Result<Vec<String>, StoreError>;
    /// Documents of awards that wait for this key's signature will be signed with another one. Returns how many.
    async fn reassign_unsigned(&self, from: KeyId, to: KeyId, verification_method: &str) -> Result<u64, StoreError>;
    /// Changes the state. False when there is no such key.
    async fn set_key_state(&self, id: KeyId, state: KeyState) -> Result<bool, StoreError>;
}
