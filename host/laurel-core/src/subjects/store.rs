use async_trait::async_trait;

use super::{Identifier, KnownIdentifier, Subject};
use crate::id::{OrganisationId, PublicId, SubjectId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;
use crate::time::Timestamp;

/// What came of linking an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linked {
    /// It leads to the subject now.
    Now,
    /// It already did.
    Before,
    /// It leads to another subject: merge the two, or leave it.
    Elsewhere(SubjectId),
}

/// What came of a merge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merge {
    /// Done: the log carries `laurel:merge-out` and `laurel:merge-in`, the rules will refold.
    Done,
    /// They were one subject already.
    Already,
    /// One of them does not exist in this organisation, or their kinds differ.
    Impossible,
}

/// Subjects, stored.
#[async_trait]
pub trait SubjectStore: Send + Sync {
    /// By id, as stored: a merged one says into which.
    async fn subject(&self, id: SubjectId) -> Result<Option<Subject>, StoreError>;
    /// By public id, as stored: a merged one says into which.
    async fn subject_by_public_id(&self, id: PublicId) -> Result<Option<Subject>, StoreError>;
    /// The subject an identifier leads to (never a merged one).
    async fn subject_by_identifier(
        &self,
        organisation: OrganisationId,
        identifier: &Identifier,
    ) -> Result<Option<Subject>, StoreError>;
    /// Those not merged, oldest first.
    async fn subjects(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Subject>, StoreError>;
    /// Adds a known subject (not provisional) with verified identifiers. `Taken("identifier")` when one leads elsewhere.
    async fn insert_subject(&self, subject: &Subject, identifiers: &[Identifier]) -> Result<(), StoreError>;
    /// Sets the name for pages. False when there is no such subject.
    async fn name_subject(&self, id: SubjectId, name: Option<&str>) -> Result<bool, StoreError>;
    /// The identifiers that lead to a subject.
    async fn identifiers(&self, subject: SubjectId) -> Result<Vec<KnownIdentifier>, StoreError>;
    /// Lets an identifier lead to a subject (verified), unless it leads elsewhere. Bumps the partition's generation. A provisional subject
    /// is so no longer, and what was proposed is accepted.
    async fn link_identifier(
        &self,
        subject: SubjectId,
        identifier: &Identifier,
        now: Timestamp,
    ) -> Result<Linked, StoreError>;
    /// Merges `loser` into `winner`, in one transaction: locks both heads in partition order, redirects the identifiers, marks the
    /// loser, bumps both generations, and appends `laurel:merge-out` (data `{"into": winner}`, subject = loser) to the loser's
    /// partition and `laurel:merge-in` (data `{"from": loser, "partition": p, "seq": seq of merge-out}`, subject = winner) to the
    /// winner's. Both events have the source `laurel:subjects` and `received` as any append would give. The winner is no longer provisional
    /// if the loser was not. Proposals of the loser become the winner's; those that are true by now are accepted.
    async fn merge_subjects(&self, winner: SubjectId, loser: SubjectId) -> Result<Merge, StoreError>;
    /// Those of these subjects into which another was merged.
    async fn winners(&self, among: &[SubjectId]) -> Result<Vec<SubjectId>, StoreError>;
    /// The subject and all that were merged into it, directly or not; itself first.
    async fn subject_family(&self, id: SubjectId) -> Result<Vec<SubjectId>, StoreError>;
}
