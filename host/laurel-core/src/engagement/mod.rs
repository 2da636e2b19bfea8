//! Engagement badges and points: for taking part, never signed, never on the credential shelf.

mod store;

pub use store::EngagementStore;

use crate::awards::{Authority, Standing};
use crate::id::{AchievementId, EngagementId, OrganisationId, OutboxId, RuleId, SubjectId, VersionId};
use crate::time::Timestamp;

/// An engagement badge to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEngagement {
    /// Its id.
    pub id: EngagementId,
    /// Who gives it.
    pub organisation: OrganisationId,
    /// To whom.
    pub subject: SubjectId,
    /// Which badge.
    pub achievement: AchievementId,
    /// Which text of it.
    pub version: VersionId,
    /// By which rule; none when given directly.
    pub rule: Option<RuleId>,
    /// Unique per (organisation, rule, subject) — given directly: per organisation.
    pub key: String,
    /// When.
    pub awarded: Timestamp,
    /// Why, JSON object.
    pub explanation: String,
    /// Id of its outbox row.
    pub outbox: OutboxId,
    /// Depth of the cascade after it.
    pub depth: i16,
}

/// An engagement badge as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// Who gave it.
    pub organisation: OrganisationId,
    /// To whom.
    pub subject: SubjectId,
    /// Which badge.
    pub achievement: AchievementId,
    /// Which text of it.
    pub version: VersionId,
    /// By which rule.
    pub rule: Option<RuleId>,
    /// Key.
    pub key: String,
    /// When.
    pub awarded: Timestamp,
    /// Whether it counts.
    pub standing: Standing,
    /// On whose word its standing changed; none while it stands as it was given.
    pub changed_by: Option<Authority>,
    /// Why, JSON.
    pub explanation: String,
}

/// A number of points and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsEntry {
    /// By which rule.
    pub rule: RuleId,
    /// Key.
    pub key: String,
    /// How many.
    pub amount: i64,
    /// What for.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}
