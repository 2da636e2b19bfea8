use async_trait::async_trait;

use super::{Achievement, Version};
use crate::id::{AchievementId, OrganisationId, RuleId, VersionId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;
use crate::time::Timestamp;

/// What came of archiving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Archiving {
    /// It is archived.
    Done,
    /// There is no such achievement.
    Missing,
    /// These active rules award it. Nothing was changed.
    AwardedBy(Vec<RuleId>),
}

/// Achievements and their versions, stored.
#[async_trait]
pub trait AchievementStore: Send + Sync {
    /// Adds one with its first version.
    async fn insert_achievement(&self, achievement: &Achievement) -> Result<(), StoreError>;
    /// By id, with its latest version.
    async fn achievement(&self, id: AchievementId) -> Result<Option<Achievement>, StoreError>;
    /// Of an organisation, oldest first.
    async fn achievements(
        &self,
        organisation: OrganisationId,
        page: PageRequest,
    ) -> Result<Page<Achievement>, StoreError>;
    /// Adds a version. `Taken("version")` when its number exists.
    async fn insert_version(&self, achievement: AchievementId, version: &Version) -> Result<(), StoreError>;
    /// All versions, oldest first.
    async fn versions(&self, achievement: AchievementId) -> Result<Vec<Version>, StoreError>;
    /// The achievement as it was in one version.
    async fn achievement_at(&self, version: VersionId) -> Result<Option<Achievement>, StoreError>;
    /// No longer offered, unless active rules award it; in one transaction, so that none becomes active meanwhile. The first time stays.
    async fn archive_achievement(&self, id: AchievementId, at: Timestamp) -> Result<Archiving, StoreError>;
}
