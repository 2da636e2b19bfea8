//! How credentials of every class are written: members in one fixed order.

use serde::Serialize;

use super::{CredentialSchema, DataModel, Evidence, Image, Profile, RefreshService, TermsOfUse};
use crate::Timestamp;
use crate::contexts::{
    CLR_V2, CREDENTIALS_STATUS_V1, CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2, OPEN_BADGES_EXTENSIONS,
    OPEN_BADGES_V3,
};
use crate::status::StatusEntry;

/// A class of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    OpenBadge,
    Endorsement,
    LearnerRecord,
}

impl Class {
    fn types(self) -> &'static [&'static str] {
        match self {
            Self::OpenBadge => &["VerifiableCredential", "OpenBadgeCredential"],
            Self::Endorsement => &["VerifiableCredential", "EndorsementCredential"],
            Self::LearnerRecord => &["VerifiableCredential", "ClrCredential"],
        }
    }

    /// The contexts every credential of the class is issued with. Without the extensions, strict verifiers reject 1EdTech's own
    /// schema validator and refresh types.
    fn contexts(self, model: DataModel, has_status: bool) -> &'static [&'static str] {
        match (self, model) {
            (Self::LearnerRecord, _) => &[CREDENTIALS_V2, CLR_V2, OPEN_BADGES_V3, OPEN_BADGES_EXTENSIONS],
            (_, DataModel::V2) => &[CREDENTIALS_V2, OPEN_BADGES_V3, OPEN_BADGES_EXTENSIONS],
            (_, DataModel::V1) if has_status => {
                &[CREDENTIALS_V1, OPEN_BADGES_V3, OPEN_BADGES_EXTENSIONS, CREDENTIALS_STATUS_V1, DATA_INTEGRITY_V2]
            }
            (_, DataModel::V1) => &[CREDENTIALS_V1, OPEN_BADGES_V3, OPEN_BADGES_EXTENSIONS, DATA_INTEGRITY_V2],
        }
    }
}

/// The members in the order they are written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Written<'c, S: Serialize> {
    #[serde(skip)]
    pub(super) class: Class,
    #[serde(rename = "@context")]
    pub(super) context: &'static [&'static str],
    pub(super) id: &'c str,
    pub(super) r#type: &'static [&'static str],
    pub(super) name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<&'c Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partial: Option<bool>,
    pub(super) issuer: &'c Profile,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) valid_from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuance_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) valid_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expiration_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) awarded_date: Option<Timestamp>,
    pub(super) credential_subject: &'c S,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) endorsement: &'c [serde_json::Value],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) endorsement_jwt: &'c [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) evidence: &'c [Evidence],
    #[serde(rename = "credentialStatus", skip_serializing_if = "<[_]>::is_empty", serialize_with = "one_or_many")]
    pub(super) status: &'c [StatusEntry],
    #[serde(rename = "credentialSchema", skip_serializing_if = "<[_]>::is_empty")]
    pub(super) schema: &'c [CredentialSchema],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_service: Option<&'c RefreshService>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) terms_of_use: &'c [TermsOfUse],
}

impl<'c, S: Serialize> Written<'c, S> {
    /// A credential of a class with what every one has.
    pub(super) fn new(
        class: Class,
        id: &'c str,
        name: &'c str,
        issuer: &'c Profile,
        valid_from: Timestamp,
        credential_subject: &'c S,
    ) -> Self {
        Self {
            class,
            context: class.contexts(DataModel::V2, false),
            id,
            r#type: class.types(),
            name,
            description: None,
            image: None,
            partial: None,
            issuer,
            valid_from: Some(valid_from),
            issuance_date: None,
            valid_until: None,
            expiration_date: None,
            awarded_date: None,
            credential_subject,
            endorsement: &[],
            endorsement_jwt: &[],
            evidence: &[],
            status: &[],
            schema: &[],
            refresh_service: None,
            terms_of_use: &[],
        }
    }

    /// The same in the words of a data model.
    pub(super) fn under(self, model: DataModel) -> Self {
        match model {
            DataModel::V2 => self,
            DataModel::V1 => Self {
                context: self.class.contexts(model, !self.status.is_empty()),
                issuance_date: self.valid_from,
                expiration_date: self.valid_until,
                valid_from: None,
                valid_until: None,
                ..self
            },
        }
    }
}

/// A single value is written as such: the Open Badges schema allows one `credentialStatus` object.
fn one_or_many<S: serde::Serializer>(entries: &[StatusEntry], serializer: S) -> Result<S::Ok, S::Error> {
    match entries {
        [one] => one.serialize(serializer),
        many => many.serialize(serializer),
    }
}
