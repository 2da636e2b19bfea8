//! What can be earned. An achievement is a credential or an engagement badge, for ever; its text is versioned, and a version never
//! changes.

mod archive;
mod check;
mod create;
mod describe;
mod find;
mod open_badge;
mod revise;
mod store;

pub use archive::archive;
pub use create::create;
pub use describe::{Described, describe};
pub use find::find;
pub use open_badge::{emblem_url, open_badge};
pub use revise::revise;
pub use store::{AchievementStore, Archiving};

use serde::{Deserialize, Serialize};

use crate::id::{AchievementId, ImageId, OrganisationId, VersionId};
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub description: String,
    /// What an earner must do, in words (Markdown).
    pub criteria: String,
    /// Open Badges `achievementType`: `Certification`, `Course`, `Badge`, …
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
}

impl Text {
    /// Until when a credential awarded at this moment is valid, as far as the text says.
    pub fn valid_until(&self, awarded: Timestamp) -> Option<Timestamp> {
        self.valid_months.map(|months| awarded.plus_months(months))
    }
}

/// Open Badges `Alignment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Alignment {
    /// Name of the skill or standard.
    pub name: String,
    /// Its URL.
    pub url: String,
    /// Name of the framework.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// Its code in the framework.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
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
