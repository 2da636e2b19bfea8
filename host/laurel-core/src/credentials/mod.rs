//! Signed credentials (exact bytes, immutable), the keys they are signed with, and the ports that hold secrets.

mod fetched;
mod hosted;
mod issue;
mod lost_keys;
mod own;
mod read;
mod refresh;
mod rotate;
mod show;
mod sign;
mod store;
mod summary;
mod surroundings;
mod together;
mod tray;
mod vault;
mod verify;

pub use fetched::Fetched;
pub use hosted::{HostedAssertion, assertion, assertion_url, badge_class, issuer};
pub use issue::{IssueRequest, issue};
pub(crate) use lost_keys::is_lost;
pub use read::{MAX_DOCUMENT, MAX_IMAGE, Unreadable};
pub use refresh::refresh;
pub use rotate::{change_key_state, generate, rotate};
pub use show::{Shown, show};
pub use sign::SigningWorker;
pub(crate) use sign::sign_one;
pub use store::CredentialStore;
pub use summary::Summary;
pub use surroundings::Surroundings;
pub use tray::Tray;
pub(crate) use tray::hand_to_signers;
pub use vault::{SignError, Signer, SigningJob, Vault, VaultError};
pub use verify::{Presented, Verified, verify, verify_presentation};

use serde::{Deserialize, Serialize};

use crate::id::{AwardId, KeyId, OrganisationId};
use crate::time::Timestamp;

/// A signed credential, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its award.
    pub award: AwardId,
    /// Exactly what was signed, with the proof; or the token, as it is.
    pub document: Vec<u8>,
}

/// A signing key of an organisation. Its secret half is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// Whose.
    pub organisation: OrganisationId,
    /// The public half as Multikey (`z6Mk…` Ed25519, `zDn…` P-256, `z4MX…` RSA).
    pub public: String,
    /// The secret half, sealed by the vault.
    pub sealed: Vec<u8>,
    /// Whether it signs.
    pub state: KeyState,
    /// When it was made.
    pub created: Timestamp,
}

/// The life of a key. One key of an organisation is active; a fresh one takes over from it, and it goes from state to state, never back.
/// The issuer's DID document lists the keys of every state but the last.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// Signs.
    Active,
    /// Signs only what was fixed before the next key took over; what it signed verifies.
    Retiring,
    /// Signs no more; what it signed verifies.
    Retired,
    /// In wrong hands: nothing it signed is believed any more.
    Compromised,
}
