//! What can be earned. An achievement is a credential or an engagement badge, for ever; its text is versioned, and a version never
//! changes.

mod archive;
mod check;
mod create;
mod describe;
mod find;
mod open_badge;
mod results;
mod revise;
mod store;

pub use archive::archive;
pub(crate) use check::credits;
pub use create::create;
pub use describe::{Described, describe};
pub use find::find;
pub(crate) use open_badge::target;
pub use open_badge::{achievement_url, emblem_url, open_badge};
pub use results::{ResultDescription, RubricLevel};
pub use revise::revise;
pub use store::{AchievementStore, Archiving};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::id::{AchievementId, ImageId, OrganisationId, VersionId};
use crate::organisations::{OtherIdentifier, Party};
use crate::time::Timestamp;

/// What can be earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Achievement {
    /// Its id.
    pub id: AchievementId,
    /// Who offers it.
    pub organisation: OrganisationId,
    /// Credential or engagement badge.
    pub kind: BadgeKind,
    /// When it was made.
    pub created: Timestamp,
    /// No longer offered since then: no active rule awards it, nobody awards it directly. What was earned stays.
    pub archived: Option<Timestamp>,
    /// Its latest version.
    pub version: Version,
}

/// The two kinds never mix: a credential is signed and rests on assessed criteria; an engagement badge has points and is not signed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BadgeKind {
    /// Signed, verifiable, on the credential shelf.
    Credential,
    /// For taking part. Never on the credential shelf.
    Engagement,
}

/// One immutable text of an achievement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// 1, 2, 3, …
    pub number: u32,
    /// The text.
    pub text: Text,
    /// Since when.
    pub created: Timestamp,
}

/// What an achievement says of itself (Open Badges 3.0, `Achievement`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub description: String,
    /// What an earner must do, in words (Markdown).
    pub criteria: String,
    /// Open Badges `achievementType`: `Certification`, `Course`, `Badge`, … or one of one's own, `ext:Workshop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievement_type: Option<String>,
    /// Search words.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Skills and standards it is aligned to.
    #[serde(default)]
    pub alignments: Vec<Alignment>,
    /// How the emblem looks.
    #[serde(default)]
    pub face: Face,
    /// A picture of the organisation's own, shown instead of the drawn emblem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "uuid"))]
    pub image: Option<ImageId>,
    /// Months a credential is valid; none means for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_months: Option<u32>,
    /// Scales on which an award may report what its earner reached; each result names one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub result_descriptions: Vec<ResultDescription>,
    /// Credit hours that come with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
    pub credits_available: Option<Number>,
    /// A code for people, such as a course number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_code: Option<String>,
    /// Language of the texts, a BCP 47 tag (`en`, `pt-BR`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Academic field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_of_study: Option<String>,
    /// Specialisation within the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialization: Option<String>,
    /// Who designed it, if not the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Party>,
    /// Other editions of it, such as translations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedAchievement>,
    /// Its identifiers in other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_identifiers: Vec<OtherIdentifier>,
    /// What others say of it: signed `EndorsementCredential`s that speak for the achievement's address, documents as objects, tokens as
    /// texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub endorsements: Vec<Value>,
}

impl Text {
    /// Until when a credential awarded at this moment is valid, as far as the text says.
    pub fn valid_until(&self, awarded: Timestamp) -> Option<Timestamp> {
        self.valid_months.map(|months| awarded.plus_months(months))
    }
}

/// Open Badges `Alignment`. The words of the standard (`targetName`, `targetUrl`, …) are read too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Alignment {
    /// Name of the skill or standard.
    #[serde(alias = "targetName")]
    pub name: String,
    /// Its URL.
    #[serde(alias = "targetUrl")]
    pub url: String,
    /// What it means.
    #[serde(default, alias = "targetDescription", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Name of the framework.
    #[serde(default, alias = "targetFramework", skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// Its code in the framework.
    #[serde(default, alias = "targetCode", skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Open Badges `targetType`: `CFItem`, `CTDL`, `ceasn:Competency`, … or one of one's own, `ext:…`.
    #[serde(default, alias = "targetType", skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
}

/// Another edition of an achievement (Open Badges 3.0, `Related`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RelatedAchievement {
    /// The other edition's identifier: a URL or URN.
    pub id: String,
    /// Its language, a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The visual design framework: shape is the kind of achievement, colour its level, and the words are on the badge's face.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Face {
    /// The emblem's outline.
    pub shape: Shape,
    /// Decides the colour.
    pub level: Level,
    /// `Customer Education`, `Partner Program`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Group of achievements within the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Role or product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The six emblem shapes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Knowledge.
    #[default]
    Circle,
    /// Skill.
    Hexagon,
    /// Certification.
    Shield,
    /// Contribution.
    Star,
    /// Partner tier.
    Diamond,
    /// Participation.
    Ribbon,
}

/// Levels, lowest first.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// First steps.
    #[default]
    Foundation,
    /// Able.
    Intermediate,
    /// Skilled.
    Advanced,
    /// Teaches others.
    Expert,
}
