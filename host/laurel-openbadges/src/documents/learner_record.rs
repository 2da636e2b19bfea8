//! Comprehensive Learner Records: several badges of one earner, bundled and signed (CLR Standard 2.0, sections B.1.3 and B.1.4).

use serde::Serialize;

use super::credential::{in_order, none_empty};
use super::written::{Class, Written};
use super::{
    Achievement, CredentialSchema, DocumentError, Evidence, IdentityObject, Image, Profile, RefreshService, TermsOfUse,
    type_member,
};
use crate::Timestamp;
use crate::status::StatusEntry;

type_member!(ClrTypes, "ClrSubject");

/// The earner and the badges (CLR Standard 2.0, section B.1.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClrSubject {
    /// Identifier of the earner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: ClrTypes,
    /// Other identifiers of the earner.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<IdentityObject>,
    /// Achievements the associations speak of, that no badge holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub achievement: Vec<Achievement>,
    /// The badges, signed documents as they were issued. At least one.
    pub verifiable_credential: Vec<serde_json::Value>,
    /// How the achievements belong together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub association: Vec<Association>,
}

/// How two achievements belong together (section B.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// What the source is to the target.
    pub kind: AssociationType,
    /// Identifier of the source achievement.
    pub source: String,
    /// Identifier of the target achievement.
    pub target: String,
}

impl Serialize for Association {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Members<'a> {
            r#type: &'static str,
            association_type: AssociationType,
            source_id: &'a str,
            target_id: &'a str,
        }
        let members = Members {
            r#type: "Association",
            association_type: self.kind,
            source_id: &self.source,
            target_id: &self.target,
        };
        members.serialize(serializer)
    }
}

/// Kinds of associations (section B.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum AssociationType {
    ExactMatchOf,
    IsChildOf,
    IsParentOf,
    IsPartOf,
    IsPeerOf,
    IsRelatedTo,
    Precedes,
    ReplacedBy,
}

/// An unsigned `ClrCredential` (CLR Standard 2.0, section B.1.3).
///
/// The record's own proof covers the badges in it; each keeps its own proof and can be verified alone.
#[derive(Debug, Clone, PartialEq)]
pub struct ClrCredential {
    /// Identifier: a URL or URN.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// A short description.
    pub description: Option<String>,
    /// The picture to show.
    pub image: Option<Image>,
    /// Whether there are more badges of this earner than are bundled here.
    pub partial: Option<bool>,
    /// Who bundles. The proof's verification method must belong to this identifier.
    pub issuer: Profile,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// Until when it is valid.
    pub valid_until: Option<Timestamp>,
    /// When it was awarded, if that differs.
    pub awarded_date: Option<Timestamp>,
    /// Whose badges, and which.
    pub subject: ClrSubject,
    /// What others say of it: signed endorsements.
    pub endorsement: Vec<serde_json::Value>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// Its places in status lists.
    pub status: Vec<StatusEntry>,
    /// Schemas it keeps to.
    pub schema: Vec<CredentialSchema>,
    /// Where a successor can be had.
    pub refresh_service: Option<RefreshService>,
    /// Terms under which it is issued.
    pub terms_of_use: Vec<TermsOfUse>,
}

impl ClrCredential {
    /// A record of the badges of one earner, with what the specification requires.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        issuer: Profile,
        valid_from: Timestamp,
        earner: impl Into<String>,
        badges: Vec<serde_json::Value>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: None,
            image: None,
            partial: None,
            issuer,
            valid_from,
            valid_until: None,
            awarded_date: None,
            subject: ClrSubject {
                id: Some(earner.into()),
                types: ClrTypes,
                identifier: Vec::new(),
                achievement: Vec::new(),
                verifiable_credential: badges,
                association: Vec::new(),
            },
            endorsement: Vec::new(),
            evidence: Vec::new(),
            status: Vec::new(),
            schema: Vec::new(),
            refresh_service: None,
            terms_of_use: Vec::new(),
        }
    }

    /// The unsigned document, as [`OpenBadgeCredential::to_bytes`](super::OpenBadgeCredential::to_bytes).
    ///
    /// # Errors
    /// If something required is empty, there is no badge, or it ends before it begins.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DocumentError> {
        let texts =
            [("the record's id", &self.id), ("the record's name", &self.name), ("the issuer's id", &self.issuer.id)];
        none_empty(&texts)?;
        if self.subject.id.is_none() && self.subject.identifier.is_empty() {
            return Err(DocumentError::NoSubject);
        }
        if self.subject.verifiable_credential.is_empty() {
            return Err(DocumentError::NoCredential);
        }
        in_order(self.valid_from, self.valid_until)?;
        serde_json::to_vec(self).map_err(|_| DocumentError::Number)
    }
}

impl Serialize for ClrCredential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            description: self.description.as_deref(),
            image: self.image.as_ref(),
            partial: self.partial,
            valid_until: self.valid_until,
            awarded_date: self.awarded_date,
            endorsement: &self.endorsement,
            evidence: &self.evidence,
            status: &self.status,
            schema: &self.schema,
            refresh_service: self.refresh_service.as_ref(),
            terms_of_use: &self.terms_of_use,
            ..Written::new(Class::LearnerRecord, &self.id, &self.name, &self.issuer, self.valid_from, &self.subject)
        };
        written.serialize(serializer)
    }
}
