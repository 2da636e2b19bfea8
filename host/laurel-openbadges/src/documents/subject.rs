//! Who earned it, and what speaks for it (Open Badges 3.0, sections B.1.5, B.1.9, B.1.12).

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Achievement, AchievementResult, Image, Profile, type_member};
use crate::Timestamp;

type_member!(SubjectTypes, "AchievementSubject");
type_member!(EvidenceTypes, "Evidence");

/// The earner and what was earned (section B.1.5).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementSubject {
    /// Identifier of the earner: a DID, or a random URN per credential. At least this or `identifier` must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: SubjectTypes,
    /// What was earned.
    pub achievement: Achievement,
    /// Other identifiers of the earner.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<IdentityObject>,
    /// When the activity began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_start_date: Option<Timestamp>,
    /// When the activity ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_end_date: Option<Timestamp>,
    /// Credits earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_earned: Option<f64>,
    /// A picture of this very award.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Number of the license, for licenses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    /// How the earner met the criteria; Markdown is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Results.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result: Vec<AchievementResult>,
    /// The earner's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who assessed, if not the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Profile>,
    /// Academic term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
}

impl AchievementSubject {
    /// An earner known by an identifier.
    pub fn new(id: impl Into<String>, achievement: Achievement) -> Self {
        Self { id: Some(id.into()), ..Self::anonymous(achievement) }
    }

    /// An earner without an identifier; add `identifier` entries.
    pub fn anonymous(achievement: Achievement) -> Self {
        Self {
            id: None,
            types: SubjectTypes,
            achievement,
            identifier: Vec::new(),
            activity_start_date: None,
            activity_end_date: None,
            credits_earned: None,
            image: None,
            license_number: None,
            narrative: None,
            result: Vec::new(),
            role: None,
            source: None,
            term: None,
        }
    }
}

/// An identifier of the earner other than a DID or URL (section B.1.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityObject {
    kind: IdentityType,
    hashed: bool,
    text: String,
    salt: Option<String>,
}

impl IdentityObject {
    /// The identifier in plain text.
    pub fn plain(kind: IdentityType, identifier: impl Into<String>) -> Self {
        Self { kind, hashed: false, text: identifier.into(), salt: None }
    }

    /// The identifier as `sha256$` and the digest of identifier and salt (section B.1.12).
    ///
    /// This hides the identifier from a casual glance only: whoever can guess it can check the guess.
    pub fn hashed(kind: IdentityType, identifier: &str, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        Self { kind, hashed: true, text: identity_hash(identifier, &salt), salt: Some(salt) }
    }
}

/// An identity as `sha256$` and the digest of it and a salt, hexadecimal (Open Badges 3.0, section B.1.12, `IdentityHash`; 2.0 has the
/// same).
pub(crate) fn identity_hash(identity: &str, salt: &str) -> String {
    let digest = Sha256::new().chain_update(identity).chain_update(salt).finalize();
    digest.iter().fold("sha256$".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

impl Serialize for IdentityObject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Written<'i> {
            r#type: &'static str,
            hashed: bool,
            identity_hash: &'i str,
            identity_type: IdentityType,
            #[serde(skip_serializing_if = "Option::is_none")]
            salt: Option<&'i str>,
        }
        let written = Written {
            r#type: "IdentityObject",
            hashed: self.hashed,
            identity_hash: &self.text,
            identity_type: self.kind,
            salt: self.salt.as_deref(),
        };
        written.serialize(serializer)
    }
}

/// Kinds of identifiers (section B.6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the specification's own")]
pub enum IdentityType {
    Name,
    SourcedId,
    SystemId,
    ProductId,
    UserName,
    AccountId,
    EmailAddress,
    NationalIdentityNumber,
    LtiUserId,
    Identifier,
}

/// Something that shows the achievement was earned (section B.1.9).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Evidence {
    /// URL of the evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[doc(hidden)]
    #[serde(rename = "type")]
    pub types: EvidenceTypes,
    /// What was done; Markdown is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the evidence is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Kind of evidence, such as "Poetry" or "Film".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    /// Whom it is meant for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

impl Evidence {
    /// Evidence at a URL.
    pub fn at(url: impl Into<String>) -> Self {
        Self { id: Some(url.into()), ..Self::default() }
    }

    /// Evidence in words.
    pub fn narrative(text: impl Into<String>) -> Self {
        Self { narrative: Some(text.into()), ..Self::default() }
    }
}
