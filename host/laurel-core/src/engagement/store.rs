use async_trait::async_trait;

use super::{Engagement, NewEngagement, PointsEntry};
use crate::id::{EngagementId, RuleId, SubjectId};
use crate::store::StoreError;

/// Engagement badges and points, stored apart from credentials.
#[async_trait]
pub trait EngagementStore: Send + Sync {
    /// Gives a badge outside the pipeline; an existing key returns what is there, and `false`.
    async fn insert_engagement(&self, badge: &NewEngagement) -> Result<(Engagement, bool), StoreError>;
    /// By id.
    async fn engagement(&self, id: EngagementId) -> Result<Option<Engagement>, StoreError>;
    /// Of these subjects, oldest first.
    async fn engagement_of(&self, subjects: &[SubjectId]) -> Result<Vec<Engagement>, StoreError>;
    /// By one rule to these subjects, oldest first.
    async fn engagement_by_rule(&self, rule: RuleId, subjects: &[SubjectId]) -> Result<Vec<Engagement>, StoreError>;
    /// Points of these subjects, newest first, at most `max`.
    async fn points_of(&self, subjects: &[SubjectId], max: u32) -> Result<Vec<PointsEntry>, StoreError>;
    /// Their sum.
    async fn points_total(&self, subjects: &[SubjectId]) -> Result<i64, StoreError>;
}
