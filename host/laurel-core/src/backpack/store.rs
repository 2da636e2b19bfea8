use async_trait::async_trait;

use super::{Keeping, KeptCredential, KeptEntry};
use crate::id::{KeptId, SubjectId};
use crate::store::StoreError;
use crate::time::Timestamp;

/// What earners keep here, stored.
#[async_trait]
pub trait BackpackStore: Send + Sync {
    /// Keeps a credential. If one of these subjects (the earner and all merged into it) has one with the same key, it takes that one's
    /// place and id; else it is added, unless they have `most` already.
    async fn keep_credential(
        &self,
        credential: &KeptCredential,
        family: &[SubjectId],
        most: usize,
    ) -> Result<Keeping, StoreError>;
    /// What these subjects keep, without the bytes, by time of issue.
    async fn kept_credentials(&self, subjects: &[SubjectId]) -> Result<Vec<KeptEntry>, StoreError>;
    /// The exact bytes.
    async fn kept_document(&self, id: KeptId) -> Result<Option<Vec<u8>>, StoreError>;
    /// The profile that was written last for one of these subjects, JSON.
    async fn earner_profile(&self, subjects: &[SubjectId]) -> Result<Option<String>, StoreError>;
    /// Writes a subject's profile, JSON.
    async fn set_earner_profile(&self, subject: SubjectId, profile: &str, now: Timestamp) -> Result<(), StoreError>;
}
