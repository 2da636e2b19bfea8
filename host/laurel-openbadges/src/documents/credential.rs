//! The credential itself (Open Badges 3.0, section B.1.3).

use serde::Serialize;

use super::{AchievementSubject, Evidence, Image, Profile};
use crate::Timestamp;
use crate::contexts::{CREDENTIALS_V2, OPEN_BADGES_EXTENSIONS, OPEN_BADGES_V3};
use crate::status::StatusEntry;

/// The three contexts every credential is issued with: without the third, strict verifiers reject
/// 1EdTech's own schema validator and refresh types.
const CONTEXTS: [&str; 3] = [CREDENTIALS_V2, OPEN_BADGES_V3, OPEN_BADGES_EXTENSIONS];
const TYPES: [&str; 2] = ["VerifiableCredential", "OpenBadgeCredential"];

/// An unsigned `OpenBadgeCredential`.
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
    /// Its places in status lists; one for revocation and one for suspension at most.
    pub status: Vec<StatusEntry>,
    /// Schemas it keeps to.
    pub schema: Vec<CredentialSchema>,
    /// Where a successor can be had.
    pub refresh_service: Option<RefreshService>,
    /// Terms under which it is issued.
    pub terms_of_use: Vec<TermsOfUse>,
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
        if let Some((what, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(DocumentError::Empty(what));
        }
        if self.subject.id.is_none() && self.subject.identifier.is_empty() {
            return Err(DocumentError::NoSubject);
        }
        if achievement.criteria.id.is_none() && achievement.criteria.narrative.is_none() {
            return Err(DocumentError::NoCriteria(achievement.id.clone()));
        }
        if [achievement.credits_available, self.subject.credits_earned].iter().flatten().any(|n| !n.is_finite()) {
            return Err(DocumentError::Number);
        }
        if self.valid_until.is_some_and(|until| until < self.valid_from) {
            return Err(DocumentError::EndsBeforeItBegins);
        }
        Ok(())
    }
}

impl Serialize for OpenBadgeCredential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(self).serialize(serializer)
    }
}

/// The members in the order they are written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'c> {
    #[serde(rename = "@context")]
    context: [&'static str; 3],
    id: &'c str,
    r#type: [&'static str; 2],
    name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'c Image>,
    issuer: &'c Profile,
    valid_from: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    awarded_date: Option<Timestamp>,
    credential_subject: &'c AchievementSubject,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    evidence: &'c [Evidence],
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_status: Option<OneOrMany<'c, StatusEntry>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    credential_schema: &'c [CredentialSchema],
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_service: Option<&'c RefreshService>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    terms_of_use: &'c [TermsOfUse],
}

/// A single value is written as such: the Open Badges schema allows one `credentialStatus` object.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany<'c, T> {
    One(&'c T),
    Many(&'c [T]),
}

impl<'c> From<&'c OpenBadgeCredential> for Written<'c> {
    fn from(credential: &'c OpenBadgeCredential) -> Self {
        Self {
            context: CONTEXTS,
            id: &credential.id,
            r#type: TYPES,
            name: &credential.name,
            description: credential.description.as_deref(),
            image: credential.image.as_ref(),
            issuer: &credential.issuer,
            valid_from: credential.valid_from,
            valid_until: credential.valid_until,
            awarded_date: credential.awarded_date,
            credential_subject: &credential.subject,
            evidence: &credential.evidence,
            credential_status: match credential.status.as_slice() {
                [] => None,
                [one] => Some(OneOrMany::One(one)),
                many => Some(OneOrMany::Many(many)),
            },
            credential_schema: &credential.schema,
            refresh_service: credential.refresh_service.as_ref(),
            terms_of_use: &credential.terms_of_use,
        }
    }
}

/// A schema the credential keeps to (section B.5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialSchema {
    /// URL of the schema.
    pub id: String,
    /// Kind of validator.
    pub r#type: String,
}

impl CredentialSchema {
    /// 1EdTech's JSON schema for Open Badges 3.0.
    pub fn open_badges() -> Self {
        Self {
            id: "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json".into(),
            r#type: "1EdTechJsonSchemaValidator2019".into(),
        }
    }
}

/// Where a successor of the credential can be had (section B.5.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefreshService {
    /// URL of the service.
    pub id: String,
    /// Kind of service: `1EdTechCredentialRefresh`.
    pub r#type: String,
}

impl RefreshService {
    /// 1EdTech's refresh service at a URL.
    pub fn one_ed_tech(url: impl Into<String>) -> Self {
        Self { id: url.into(), r#type: "1EdTechCredentialRefresh".into() }
    }
}

/// Terms under which the credential is issued (section B.5.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermsOfUse {
    /// URL of the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Kind of terms; a context must define it.
    pub r#type: String,
}
