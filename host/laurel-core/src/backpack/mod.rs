//! An earner's badges in one place: those earned here, and those of other issuers that the earner keeps here (the host of Open
//! Badges 3.0, section 2). Clients read and write it through the Badge Connect API.

mod equality;
mod keep;
mod list;
mod profile;
mod store;

pub use keep::{MAX_KEPT, keep};
pub use list::{MAX_LIMIT, Part, Wanted, list};
pub use profile::{EarnerProfile, ProfileView, change_profile, profile};
pub use store::BackpackStore;

use serde::{Deserialize, Serialize};

use crate::id::{KeptId, SubjectId};
use crate::time::Timestamp;

/// How a credential is secured, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A JSON document with its proofs.
    Json,
    /// A token (JWT): a compact JWS.
    Token,
}

/// A credential of another issuer, to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCredential {
    /// Its id here.
    pub id: KeptId,
    /// Who keeps it.
    pub subject: SubjectId,
    /// What it is one of: the digest of its issuer and its own id. An earner keeps one of each.
    pub key: [u8; 32],
    /// How it is written.
    pub form: Form,
    /// When it was issued, as it says.
    pub issued: Timestamp,
    /// When it came here.
    pub kept: Timestamp,
    /// The exact bytes.
    pub document: Vec<u8>,
}

/// A kept credential without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its id here.
    pub id: KeptId,
    /// What it is one of.
    pub key: [u8; 32],
    /// How it is written.
    pub form: Form,
    /// When it was issued, as it says.
    pub issued: Timestamp,
    /// When it came here.
    pub kept: Timestamp,
    /// How many bytes it has.
    pub size: usize,
}

/// What came of keeping a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is new here.
    Added,
    /// It took the place of one with the same issuer and id.
    Replaced,
    /// The earner keeps as many as one may.
    Full,
}

/// A credential as a client gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// How it is written.
    pub form: Form,
    /// The exact bytes.
    pub document: Vec<u8>,
}
