//! Credentials that stand behind no award: an organisation's endorsements, and its records of what somebody learned.
//!
//! They are made, given their place in a status list and signed as whatever the VC-API issues ([`credentials::issue`]); and they are
//! kept, served under `/credentials/{public id}` like those of awards.
//!
//! [`credentials::issue`]: crate::credentials::issue

mod carried;
mod endorse;
mod find;
mod record;
mod revoke;
mod store;
mod write;

pub use carried::Spoken;
pub(crate) use carried::{by_form, check as check_carried, check_form as check_carried_form};
pub(crate) use carried::{carried_in, spoken};
pub use endorse::{NewEndorsement, endorse};
pub use find::{ShownIssued, find, show};
pub use record::record;
pub use revoke::revoke;
pub use store::IssuedStore;

use serde::{Deserialize, Serialize};

use crate::id::{IssuedId, OrganisationId, PublicId};
use crate::time::Timestamp;

/// What kind of credential.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuedKind {
    /// Speaks for an achievement, a profile or a credential (Open Badges 3.0, `EndorsementCredential`).
    Endorsement,
    /// Bundles the badges of one earner (CLR 2.0, `ClrCredential`).
    Record,
}

/// An endorsement or a record. Its signed document is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its id.
    pub id: IssuedId,
    /// Id in its URLs.
    pub public_id: PublicId,
    /// Who issued it.
    pub organisation: OrganisationId,
    /// What it is.
    pub kind: IssuedKind,
    /// What it is about: the identifier that an endorsement speaks for, the id of the subject whose record it is.
    pub about: String,
    /// Its name.
    pub name: String,
    /// Until when.
    pub valid_until: Option<Timestamp>,
    /// When it was issued.
    pub created: Timestamp,
}

impl Issued {
    /// Its public place.
    pub fn url(&self, base_url: &str) -> String {
        url(base_url, self.public_id)
    }
}

fn url(base_url: &str, id: PublicId) -> String {
    format!("{base_url}/credentials/{id}")
}
