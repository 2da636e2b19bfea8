use async_trait::async_trait;

use super::{Client, ClientToken, Connection, NewToken};
use crate::id::{ConnectionId, PublicId, SubjectId};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Clients, what earners let them do, and their tokens.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// Adds a client. Anybody can register: of those that nobody has connected only the newest 10,000 are kept.
    async fn insert_client(&self, client: &Client) -> Result<(), StoreError>;
    /// By id.
    async fn client(&self, id: PublicId) -> Result<Option<Client>, StoreError>;

    /// Adds a connection, whose code was not used yet.
    async fn insert_connection(&self, connection: &Connection) -> Result<(), StoreError>;
    /// By id.
    async fn connection(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError>;
    /// By the digest of its code, used or not.
    async fn connection_by_code(&self, code: [u8; 32]) -> Result<Option<Connection>, StoreError>;
    /// Those of these subjects whose client holds a token that works, oldest first, each with its client.
    async fn connections_of(
        &self,
        subjects: &[SubjectId],
        now: Timestamp,
    ) -> Result<Vec<(Connection, Client)>, StoreError>;
    /// Ends one, and with it its code and its tokens. False when there is none, or it ended before.
    async fn revoke_connection(&self, id: ConnectionId, at: Timestamp) -> Result<bool, StoreError>;
    /// Ends all of these subjects with one client. Returns how many.
    async fn revoke_connections(
        &self,
        subjects: &[SubjectId],
        client: PublicId,
        at: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Marks a connection's code as used and stores the first tokens, in one transaction. False (and nothing happens) if it was used
    /// before or the connection has ended. Now and then sweeps what has expired.
    async fn redeem_code(&self, id: ConnectionId, tokens: &[NewToken], now: Timestamp) -> Result<bool, StoreError>;
    /// Marks a refresh token as used and stores the tokens that follow it, in one transaction. False (and nothing happens) if it was
    /// used before.
    async fn rotate_token(&self, digest: [u8; 32], tokens: &[NewToken], now: Timestamp) -> Result<bool, StoreError>;
    /// The token with this digest, whether it still works or not.
    async fn client_token(&self, digest: [u8; 32]) -> Result<Option<ClientToken>, StoreError>;
    /// Takes a token away. False when there is none.
    async fn delete_client_token(&self, digest: [u8; 32]) -> Result<bool, StoreError>;
}
