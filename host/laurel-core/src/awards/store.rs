use async_trait::async_trait;

use super::{Award, NewAward, UnsignedAward};
use crate::id::{AwardId, OrganisationId, Partitions, PublicId, RuleId, SubjectId};
use crate::page::{Page, PageRequest};
use crate::pipeline::StandingChange;
use crate::store::StoreError;

/// Awards of credentials, stored.
#[async_trait]
pub trait AwardStore: Send + Sync {
    /// Writes an award outside the pipeline (direct), with its outbox row. If its key exists in the organisation, nothing is
    /// written and the existing award is returned with `false`.
    async fn insert_award(&self, award: &NewAward) -> Result<(Award, bool), StoreError>;
    /// Changes standings outside the pipeline, where that applies. Returns how many changes were made.
    async fn change_standings(&self, changes: &[StandingChange]) -> Result<usize, StoreError>;
    /// By id.
    async fn award(&self, id: AwardId) -> Result<Option<Award>, StoreError>;
    /// By public id.
    async fn award_by_public_id(&self, id: PublicId) -> Result<Option<Award>, StoreError>;
    /// Of an organisation, oldest first.
    async fn awards(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Award>, StoreError>;
    /// Of these subjects, oldest first.
    async fn awards_of(&self, subjects: &[SubjectId]) -> Result<Vec<Award>, StoreError>;
    /// By one rule to these subjects, oldest first.
    async fn awards_by_rule(&self, rule: RuleId, subjects: &[SubjectId]) -> Result<Vec<Award>, StoreError>;
    /// Awards of subjects in these partitions that wait for a signature, oldest first.
    async fn unsigned_awards(&self, partitions: Partitions, max: usize) -> Result<Vec<UnsignedAward>, StoreError>;
    /// How many awards wait for a signature, everywhere.
    async fn count_unsigned(&self) -> Result<u64, StoreError>;
}
