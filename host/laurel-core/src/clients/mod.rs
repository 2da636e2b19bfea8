//! Clients: programs of others that an earner lets at the badges kept here, by OAuth 2.0 as Open Badges 3.0 has it (section 7). A
//! client registers itself, an earner connects it, and it gets tokens for that connection.

mod access;
mod authenticate;
mod authorize;
mod connections;
mod redirect;
mod refusal;
mod register;
mod scope;
mod store;
mod tokens;

pub use access::{Access, access};
pub use authenticate::authenticate;
pub use authorize::{Asked, AuthorizeError, Checked, check, connect};
pub use connections::{Connected, connected, disconnect, revoke};
pub use refusal::{OauthError, RefusalCode};
pub use register::{Metadata, register};
pub use scope::ClientScope;
pub use store::ClientStore;
pub use tokens::{Issued, Redemption, Refreshing, redeem, refresh};

use crate::id::{ConnectionId, PublicId, SubjectId};
use crate::time::Timestamp;

/// For so long a code works, in milliseconds.
pub const CODE_LIFE: i64 = 2 * 60 * 1000;

/// For so long an access token works, in milliseconds.
pub const ACCESS_LIFE: i64 = 60 * 60 * 1000;

/// For so long a refresh token waits for its use, in milliseconds. Each use gives a fresh one.
pub const REFRESH_LIFE: i64 = 90 * 24 * 60 * 60 * 1000;

/// A client that registered itself. What it says of itself was checked for form; who it is nobody has checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its `client_id`.
    pub id: PublicId,
    /// The SHA-256 of its secret.
    pub digest: [u8; 32],
    /// What it says of itself.
    pub metadata: Metadata,
    /// When it registered.
    pub created: Timestamp,
}

/// What one earner lets one client do: what the consent page showed, and the code with which the client fetches its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The client.
    pub client: PublicId,
    /// The earner, as signed in then (see what it was merged into).
    pub subject: SubjectId,
    /// What was allowed.
    pub scopes: Vec<ClientScope>,
    /// The SHA-256 of the code.
    pub code: [u8; 32],
    /// Until when the code works.
    pub code_expires: Timestamp,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The client's S256 code challenge.
    pub challenge: String,
    /// When the earner allowed it.
    pub created: Timestamp,
    /// When the code was used.
    pub redeemed: Option<Timestamp>,
    /// When it ended.
    pub revoked: Option<Timestamp>,
}

/// A token of a client, stored by the SHA-256 of its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientToken {
    /// For which connection.
    pub connection: ConnectionId,
    /// What it is good for.
    pub kind: TokenKind,
    /// What it allows: the connection's scopes or fewer.
    pub scopes: Vec<ClientScope>,
    /// Until when.
    pub expires: Timestamp,
    /// Of a refresh token: when it was used. A second use is a sign of theft.
    pub spent: Option<Timestamp>,
}

/// What a client's token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// To read and write.
    Access,
    /// To get a fresh access token, once.
    Refresh,
}

/// A token to be stored, with the SHA-256 of its secret.
pub type NewToken = ([u8; 32], ClientToken);
