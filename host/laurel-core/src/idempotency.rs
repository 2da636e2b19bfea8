//! `Idempotency-Key`: the same request again gets the first answer.

use async_trait::async_trait;

use crate::id::OrganisationId;
use crate::store::StoreError;
use crate::time::Timestamp;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remembered {
    /// Nobody used it: it is reserved for the caller now.
    Fresh,
    /// The same request is being worked on (or its worker died less than a minute ago).
    InProgress,
    /// The same request was answered so.
    Answered {
        /// HTTP status.
        status: u16,
        /// Body.
        body: Vec<u8>,
    },
    /// The key belongs to another request.
    OtherRequest,
}

/// Answers by key, kept for 24 hours at least.
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Looks a key up and reserves it when it is fresh. `request` is a digest of method, path and body. A reservation whose
    /// worker died counts as fresh again after a minute.
    async fn begin_request(
        &self,
        organisation: Option<OrganisationId>,
        key: &str,
        request: [u8; 32],
        now: Timestamp,
    ) -> Result<Remembered, StoreError>;

    /// Records the answer to a reserved key.
    async fn finish_request(
        &self,
        organisation: Option<OrganisationId>,
        key: &str,
        status: u16,
        body: &[u8],
    ) -> Result<(), StoreError>;

    /// Gives a reserved key back: its request got no answer that would stay the same. An answered key stays answered.
    async fn release_request(&self, organisation: Option<OrganisationId>, key: &str) -> Result<(), StoreError>;
}
