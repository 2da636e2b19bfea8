//! Endorsements: one organisation speaks for another, or for what it awards (Open Badges 3.0, sections B.2.1 and B.2.2).

use serde::Serialize;

use super::credential::{in_order, none_empty};
use super::written::{Class, Written};
use super::{CredentialSchema, DocumentError, Profile, RefreshService, TermsOfUse, type_member};
use crate::Timestamp;
use crate::status::StatusEntry;

type_member!(EndorsementTypes, "EndorsementSubject");

/// What is endorsed, and in which words (section B.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementSubject {
    /// Identifier of what is endorsed: a profile, an achievement or a credential.
    pub id: String,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: EndorsementTypes,
    /// The endorsement in words; Markdown is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endorsement_comment: Option<String>,
}

/// An unsigned `EndorsementCredential` (section B.2.1). Sign it, and put the signed document among the endorsements of what it speaks
/// for.
///
/// ```
/// use laurel_openbadges::Timestamp;
/// use laurel_openbadges::documents::*;
/// let endorsement = EndorsementCredential::new(
///     "urn:uuid:0d9b4a0e-6a0b-4f5e-9c1e-0f5c8a5b8f11",
///     "Accreditation",
///     Profile::named("did:web:agency.example", "Agency"),
///     Timestamp::from_unix_seconds(1_795_306_200),
///     "did:web:acme.example",
/// );
/// assert!(String::from_utf8(endorsement.to_bytes()?)?.contains("EndorsementSubject"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EndorsementCredential {
    /// Identifier: a URL or URN.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// A short description.
    pub description: Option<String>,
    /// Who endorses. The proof's verification method must belong to this identifier.
    pub issuer: Profile,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// When it was given, if that differs.
    pub awarded_date: Option<Timestamp>,
    /// What is endorsed.
    pub subject: EndorsementSubject,
    /// Its places in status lists.
    pub status: Vec<StatusEntry>,
    /// Schemas it keeps to.
    pub schema: Vec<CredentialSchema>,
    /// Where a successor can be had.
    pub refresh_service: Option<RefreshService>,
    /// Terms under which it is given.
    pub terms_of_use: Vec<TermsOfUse>,
}

impl EndorsementCredential {
    /// An endorsement of `endorsed` with what the specification requires.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        issuer: Profile,
        valid_from: Timestamp,
        endorsed: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: None,
            issuer,
            valid_from,
            valid_until: None,
            awarded_date: None,
            subject: EndorsementSubject { id: endorsed.into(), types: EndorsementTypes, endorsement_comment: None },
            status: Vec::new(),
            schema: Vec::new(),
            refresh_service: None,
            terms_of_use: Vec::new(),
        }
    }

    /// The unsigned document, as [`OpenBadgeCredential::to_bytes`](super::OpenBadgeCredential::to_bytes).
    ///
    /// # Errors
    /// If something required is empty, or it ends before it begins.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DocumentError> {
        let texts = [
            ("the endorsement's id", &self.id),
            ("the endorsement's name", &self.name),
            ("the issuer's id", &self.issuer.id),
            ("the identifier of what is endorsed", &self.subject.id),
        ];
        none_empty(&texts)?;
        in_order(self.valid_from, self.valid_until)?;
        serde_json::to_vec(self).map_err(|_| DocumentError::Number)
    }
}

impl Serialize for EndorsementCredential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            description: self.description.as_deref(),
            valid_until: self.valid_until,
            awarded_date: self.awarded_date,
            status: &self.status,
            schema: &self.schema,
            refresh_service: self.refresh_service.as_ref(),
            terms_of_use: &self.terms_of_use,
            ..Written::new(Class::Endorsement, &self.id, &self.name, &self.issuer, self.valid_from, &self.subject)
        };
        written.serialize(serializer)
    }
}
