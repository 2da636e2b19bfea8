//! Subjects (persons and organisations that events are about) and the identifiers that lead to them.

mod create;
mod current;
mod find;
mod link;
mod merge;
mod name;
mod normalise;
mod shelf;
mod store;

pub(crate) use create::normalise_all;
pub use create::{NewSubject, create};
pub use current::current;
pub use find::{find, find_by_identifier};
pub use link::link;
pub use merge::merge;
pub use name::name;
pub(crate) use normalise::home_page_of;
pub use shelf::{Found, Shelf, shelf};
pub use store::{Linked, Merge, SubjectStore};

use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, PublicId, SubjectId};
use crate::time::Timestamp;

/// A person or an organisation, within one issuing organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Its id.
    pub id: SubjectId,
    /// Id in the URL of its page, so that neither the internal id nor an identifier shows.
    pub public_id: PublicId,
    /// Whose program it belongs to.
    pub organisation: OrganisationId,
    /// What it is.
    pub kind: SubjectKind,
    /// Made by an event that named an identifier nobody knew, and nobody answered for it since: none of its identifiers was linked, and
    /// none of the subjects merged into it was known.
    pub provisional: bool,
    /// A name for pages, if anybody gave one.
    pub name: Option<String>,
    /// Set when it was merged into another: the subject to look at instead.
    pub merged_into: Option<SubjectId>,
    /// When it was first heard of.
    pub created: Timestamp,
}

/// What a subject is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// Somebody.
    Person,
    /// A partner organisation.
    Organization,
}

/// One way to recognise a subject. Unique within an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Identifier {
    /// An e-mail address, lower case.
    Email {
        /// `ada@example.org`
        address: String,
    },
    /// An account in another system.
    Account {
        /// The instance's own URL.
        home_page: String,
        /// The account's stable id there.
        name: String,
    },
    /// A decentralised identifier.
    Did {
        /// `did:…`
        did: String,
    },
}

/// An identifier of a subject, and how sure we are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownIdentifier {
    /// The identifier.
    pub identifier: Identifier,
    /// A claim by a source, or confirmed (by the person or an operator).
    pub verified: bool,
    /// Since when.
    pub since: Timestamp,
}

/// Whom a new event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectReference {
    /// Somebody with these identifiers. The first one that is known decides; unknown ones are added as claims unless they are an
    /// e-mail or a DID next to an account that is known; if none is known, a provisional subject gets them all. What is not added,
    /// and what leads to somebody else, is proposed ([`crate::proposals`]).
    Identified {
        /// Person or organisation, for a subject that has to be made.
        kind: SubjectKind,
        /// At least one.
        identifiers: Vec<Identifier>,
    },
    /// This one, or what it was merged into.
    Known(SubjectId),
}
