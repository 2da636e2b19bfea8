//! API tokens: 256 random bits, stored as their SHA-256.

mod authenticate;
mod issue;
mod revoke;
mod rights;
mod store;

pub use authenticate::authenticate;
pub(crate) use issue::fresh_secret;
pub use issue::{NewToken, digest, issue};
pub use revoke::revoke;
pub use store::TokenStore;

use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, TokenId};
use crate::time::Timestamp;

/// What is stored of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Bound to one organisation; none means the platform operator.
    pub organisation: Option<OrganisationId>,
    /// What it is for, in the words of who made it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// For event tokens: the source its events get, the account home-pages it may assert (each an exact prefix; `*` any), whether
    /// it may assert e-mail addresses, and the kinds it may send.
    pub assertions: Option<Assertions>,
    /// When it was made.
    pub created: Timestamp,
    /// Not valid from then on.
    pub revoked: Option<Timestamp>,
}

/// What a token may do. Everything but `platform` is within its organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Organisations, plugins, tokens of every organisation.
    Platform,
    /// Achievements, rules, installations, keys, tokens of the organisation.
    Manage,
    /// Award and revoke.
    Award,
    /// Send events.
    Events,
    /// Read everything of the organisation.
    Read,
    /// Sign its subjects in: whoever holds the token answers for who a person is.
    SignIn,
}

/// What a source of events may claim. Kinds and sources under `laurel:` are nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assertions {
    /// The `source` every event from here gets.
    pub source: String,
    /// Account home-pages it may speak of: each exact, or `*` for any.
    pub namespaces: Vec<String>,
    /// Whether it may identify subjects by e-mail address or DID.
    #[serde(default)]
    pub personal_identifiers: bool,
    /// Event kinds it may send: exact, `course.*`, or `*`.
    pub kinds: Vec<String>,
}
