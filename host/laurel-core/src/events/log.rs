use async_trait::async_trait;
use std::time::Duration;

use super::{Appended, LogEvent, NewEvent};
use crate::id::{AwardId, OrganisationId, Partition, RuleId, SubjectId};
use crate::page::{Page, PageRequest};
use crate::pipeline::{Effects, Trigger};
use crate::plugins::Progress;
use crate::store::StoreError;
use crate::time::Timestamp;

/// The right to fold a partition, until it expires or somebody takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which partition.
    pub partition: Partition,
    /// Grows at every take-over; effects of an older epoch are refused.
    pub epoch: i64,
    /// Everything up to this sequence number has been folded.
    pub cursor: i64,
}

/// Events read under leases.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// By partition, then sequence.
    pub events: Vec<LogEvent>,
    /// The rules' generation, read *after* the events: rules of an older generation must be loaded anew before folding them.
    pub rules_generation: i64,
}

impl Lease {
    /// Moves the cursor from where this lease has it.
    pub fn advance(&self, cursor: i64) -> Advance {
        Advance { partition: self.partition, epoch: self.epoch, from: self.cursor, cursor }
    }
}

/// Moves a partition's cursor, if the lease is still ours and the cursor is where we believe it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Which partition.
    pub partition: Partition,
    /// Our lease's epoch.
    pub epoch: i64,
    /// The events were read from here.
    pub from: i64,
    /// Everything up to here has been folded.
    pub cursor: i64,
}

/// What a commit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Awards of credentials that were new (the others' keys existed).
    pub awards: Vec<AwardId>,
    /// Outbox rows written.
    pub outbox: usize,
    /// Changes of standing that verifiers may see.
    pub changed: usize,
}

/// Why a commit did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// These partitions were taken over.
    #[error("leases of {0:?} were lost")]
    Fenced(Vec<Partition>),
    /// These cursors are elsewhere: an earlier commit, whose answer was lost, did happen. What was read and folded meanwhile counts for
    /// nothing.
    #[error("cursors have moved already: {0:?}")]
    Moved(Vec<(Partition, i64)>),
    /// The database failed; nothing is known to be written, and doing it again is harmless.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an append did not happen. Nothing of the batch was written.
pub type AppendError = StoreError;

/// What is kept between two evaluations of a rule for a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredState {
    /// Which rule.
    pub rule: RuleId,
    /// Which subject.
    pub subject: SubjectId,
    /// The plugin's state; none before the first fold.
    pub state: Option<Vec<u8>>,
    /// Sequence number of the last event folded (within the subject's partition).
    pub seq: i64,
    /// The next wake-up.
    pub wake: Option<Timestamp>,
    /// Set while parked: the first sequence number not folded.
    pub blocked_from: Option<i64>,
    /// While parked, what stopped it; none while the rule is only paused.
    pub trigger: Option<Trigger>,
}

/// How far a subject is with a rule, as the plugin said when it folded last.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredProgress {
    /// Which rule.
    pub rule: RuleId,
    /// One entry for each requirement; none before the first fold.
    pub progress: Vec<Progress>,
    /// Whether the rule stopped for the subject.
    pub is_parked: bool,
}

/// A rule that stopped for one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedRule {
    /// Which rule.
    pub rule: RuleId,
    /// Which subject.
    pub subject: SubjectId,
    /// The first sequence number not folded.
    pub blocked_from: i64,
    /// What stopped it; none while the rule is only paused.
    pub trigger: Option<Trigger>,
    /// Why, in words.
    pub error: String,
    /// Since when.
    pub since: Timestamp,
}

/// A rule and a subject that are parked although nothing keeps them: the rule was paused, or folded by another plugin, and works now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumable {
    /// Whose.
    pub organisation: OrganisationId,
    /// Which rule.
    pub rule: RuleId,
    /// Which subject.
    pub subject: SubjectId,
    /// Since when they are parked.
    pub since: Timestamp,
}

/// The log, its leases, and the one transaction that makes effects happen once.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Makes events durable, in one transaction per group of callers (group commit): dedupes by (organisation, source, id),
    /// resolves or makes the subject, keeps what is only proposed of it ([`crate::proposals`]), fixes partition, sequence and `received`.
    /// Answers in the order given. `Busy` when the queue is full: nothing was taken.
    async fn append(&self, events: Vec<NewEvent>) -> Result<Vec<Appended>, AppendError>;

    /// Takes leases on behalf of `node`: renews what it holds, takes what is free, expired, or held by an earlier life of the same
    /// node (`life` differs), up to a fair share among the live nodes; gives back what is beyond the share. All on the database's
    /// clock. Returns everything held afterwards. Called at start and every third of `ttl`.
    async fn lease(&self, node: &str, life: i64, ttl: Duration) -> Result<Vec<Lease>, StoreError>;

    /// Gives leases back at shutdown.
    async fn release(&self, node: &str, life: i64) -> Result<(), StoreError>;

    /// Events behind the leases' cursors, at most `max` in all (a fair part of each partition), ordered by partition and sequence.
    async fn read(&self, leases: &[Lease], max: usize) -> Result<Batch, StoreError>;

    /// States of these rules for these subjects: every existing pair of the two lists' product, also parked ones.
    async fn states(&self, rules: &[RuleId], subjects: &[SubjectId]) -> Result<Vec<StoredState>, StoreError>;

    /// How far a subject is with every rule that has a state for it, in no order.
    async fn progress(&self, subject: SubjectId) -> Result<Vec<StoredProgress>, StoreError>;

    /// Effects and cursors in one transaction, if every lease is still ours and every cursor where its [`Advance`] begins.
    async fn commit(&self, advances: &[Advance], effects: Effects) -> Result<Committed, CommitError>;

    /// When the cursor has reached the head, returns the states of active rules, not parked, whose wake-up is due by now, earliest
    /// first, at most `max`; if there are any, the partition's clock is raised to now (under the head's lock, so that no later event
    /// is received before them). None when there are events left to fold, or the lease is lost.
    async fn due(&self, lease: &Lease, max: usize) -> Result<Option<Vec<StoredState>>, StoreError>;

    /// The earliest wake-up in these partitions, of active rules and states that are not parked.
    async fn next_wake(&self, partitions: &[Partition]) -> Result<Option<Timestamp>, StoreError>;

    /// The cursor of any partition, whoever holds it.
    async fn cursor(&self, partition: Partition) -> Result<i64, StoreError>;

    /// Events of these subjects after a place in the order of truth (received, partition, seq), at most `max`.
    async fn history(
        &self,
        subjects: &[SubjectId],
        after: Option<(Timestamp, Partition, i64)>,
        max: usize,
    ) -> Result<Vec<LogEvent>, StoreError>;

    /// One event by its idempotency key.
    async fn event(&self, organisation: OrganisationId, source: &str, id: &str)
    -> Result<Option<LogEvent>, StoreError>;

    /// What is parked in an organisation, by subject, then rule. The page counts subjects: none is cut in two, and `after` is the
    /// last one's id.
    async fn parked(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<ParkedRule>, StoreError>;

    /// Pairs that are parked without a trigger and whose rule works: active, and its installation enabled. At most `max`.
    async fn resumable(&self, after: Option<(RuleId, SubjectId)>, max: usize) -> Result<Vec<Resumable>, StoreError>;

    /// How many pairs of rule and subject are parked, in all organisations.
    async fn count_parked(&self) -> Result<u64, StoreError>;

    /// Events in the log not yet folded: exact, because sequences have no gaps.
    async fn lag(&self) -> Result<u64, StoreError>;
}
