//! The credential itself (Open Badges 3.0, section B.1.3).

use serde::Serialize;

use super::written::{Class, Written};
use super::{AchievementSubject, CredentialSchema, Evidence, Image, Profile, RefreshService, TermsOfUse};
use crate::Timestamp;
use crate::status::StatusEntry;

/// An unsigned `OpenBadgeCredential` (section B.1.3).
///
/// ```
/// use laurel_openbadges::Timestamp;
/// use laurel_openbadges::documents::*;
/// let achievement = Achievement::new(
///     "https://acme.example/achievements/1", "Helper", "Helped others.", Criteria::narrative("Ten solved questions."));
/// let credential = OpenBadgeCredential::new(
///     "urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
///     "Helper",
///     Profile::named("did:web:acme.example", "Acme"),
///     Timestamp::from_unix_seconds(1_795_306_200),
///     AchievementSubject::new("did:example:ada", achievement),
/// );
/// let unsigned: Vec<u8> = credential.to_bytes()?;
/// assert!(unsigned.starts_with(br#"{"@context":["https://www.w3.org/ns/credentials/v2","#));
/// # Ok::<(), DocumentError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OpenBadgeCredential {
    /// Identifier: a URL or URN.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// A short description.
    pub description: Option<String>,
    /// The picture to show, the badge's emblem.
    pub image: Option<Image>,
    /// Who issues it. The proof's verification method must belong to this identifier.
    pub issuer: Profile,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// When it was awarded, if that differs.
    pub awarded_date: Option<Timestamp>,
    /// Who earned what.
    pub subject: AchievementSubject,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// Its places in status lists; one for revocation, one for suspension and one for refresh at most.
    pub status: Vec<StatusEntry>,
    /// Schemas it keeps to.
    pub schema: Vec<CredentialSchema>,
    /// Where a successor can be had.
    pub refresh_service: Option<RefreshService>,
    /// Terms under which it is issued.
    pub terms_of_use: Vec<TermsOfUse>,
    /// What others say of it: signed [`EndorsementCredential`](super::EndorsementCredential)s. Those that speak for this very
    /// credential are better kept beside it: some verifiers refuse a credential that is described a second time inside itself.
    pub endorsement: Vec<serde_json::Value>,
    /// The same as tokens, for credentials that are tokens themselves: see [`Achievement::endorsement_jwt`](super::Achievement).
    pub endorsement_jwt: Vec<String>,
    /// The data model it is written in.
    pub data_model: DataModel,
}

/// The data model a credential is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DataModel {
    /// Verifiable Credentials 2.0.
    #[default]
    V2,
    /// Verifiable Credentials 1.1, for verifiers that know no other: `issuanceDate`, the contexts of its time, that of Data
    /// Integrity, which the proof needs, and that of Bitstring Status List, if it has a status.
    V1,
}

/// Why a document cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A number that JSON cannot hold.
    #[error("the document holds a number that JSON cannot hold (infinite or not a number)")]
    Number,
    /// Neither identifier nor other identity of the earner.
    #[error("the subject needs an id or at least one identifier")]
    NoSubject,
    /// Neither a page nor a text for the criteria.
    #[error("the achievement {0:?} needs criteria: a page (id) or a text (narrative)")]
    NoCriteria(String),
    /// A text that must not be empty is.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// The credential ends before it begins.
    #[error("valid_until must not be before valid_from")]
    EndsBeforeItBegins,
    /// A record of learning without a single badge.
    #[error("a record of learning needs at least one credential")]
    NoCredential,
}

impl OpenBadgeCredential {
    /// A credential with what the specification requires.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        issuer: Profile,
        valid_from: Timestamp,
        subject: AchievementSubject,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: None,
            image: None,
            issuer,
            valid_from,
            valid_until: None,
            awarded_date: None,
            subject,
            evidence: Vec::new(),
            status: Vec::new(),
            schema: Vec::new(),
            refresh_service: None,
            terms_of_use: Vec::new(),
            endorsement: Vec::new(),
            endorsement_jwt: Vec::new(),
            data_model: DataModel::V2,
        }
    }

    /// The unsigned document: compact JSON, members in a fixed order, the same bytes for the same value.
    ///
    /// # Errors
    /// If something required is empty, or a number is not finite.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DocumentError> {
        self.check()?;
        serde_json::to_vec(self).map_err(|_| DocumentError::Number)
    }

    /// The unsigned document as a JSON value.
    ///
    /// # Errors
    /// As for [`OpenBadgeCredential::to_bytes`].
    pub fn to_value(&self) -> Result<serde_json::Value, DocumentError> {
        self.check()?;
        serde_json::to_value(self).map_err(|_| DocumentError::Number)
    }

    fn check(&self) -> Result<(), DocumentError> {
        let achievement = &self.subject.achievement;
        let texts = [
            ("the credential's id", &self.id),
            ("the credential's name", &self.name),
            ("the issuer's id", &self.issuer.id),
            ("the achievement's id", &achievement.id),
            ("the achievement's name", &achievement.name),
            ("the achievement's description", &achievement.description),
        ];
        none_empty(&texts)?;
        if self.subject.id.is_none() && self.subject.identifier.is_empty() {
            return Err(DocumentError::NoSubject);
        }
        if achievement.criteria.id.is_none() && achievement.criteria.narrative.is_none() {
            return Err(DocumentError::NoCriteria(achievement.id.clone()));
        }
        if [achievement.credits_available, self.subject.credits_earned].iter().flatten().any(|n| !n.is_finite()) {
            return Err(DocumentError::Number);
        }
        in_order(self.valid_from, self.valid_until)
    }
}

/// Whether all texts that must be there are; names the first that is not.
pub(super) fn none_empty(texts: &[(&'static str, &String)]) -> Result<(), DocumentError> {
    let empty = texts.iter().find(|(_, text)| text.trim().is_empty());
    empty.map_or(Ok(()), |(what, _)| Err(DocumentError::Empty(what)))
}

/// Whether a validity begins before it ends.
pub(super) fn in_order(from: Timestamp, until: Option<Timestamp>) -> Result<(), DocumentError> {
    if until.is_some_and(|until| until < from) { Err(DocumentError::EndsBeforeItBegins) } else { Ok(()) }
}

impl Serialize for OpenBadgeCredential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            image: self.image.as_ref(),
            awarded_date: self.awarded_date,
            evidence: &self.evidence,
            endorsement: &self.endorsement,
            endorsement_jwt: &self.endorsement_jwt,
            status: &self.status,
            schema: &self.schema,
            refresh_service: self.refresh_service.as_ref(),
            terms_of_use: &self.terms_of_use,
            description: self.description.as_deref(),
            valid_until: self.valid_until,
            ..Written::new(Class::OpenBadge, &self.id, &self.name, &self.issuer, self.valid_from, &self.subject)
        };
        written.under(self.data_model).serialize(serializer)
    }
}
