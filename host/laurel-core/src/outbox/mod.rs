//! The outbox: what awards and their changes set off, recorded with them and done afterwards.

mod relay;
mod store;

pub use relay::relay;
pub use store::OutboxStore;

use uuid::Uuid;

use crate::id::{AchievementId, OrganisationId, OutboxId, PublicId, SubjectId, VersionId};
use crate::time::Timestamp;

/// A row not yet relayed into the log, with what its event will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id; the id of its event.
    pub id: OutboxId,
    /// Whose.
    pub organisation: OrganisationId,
    /// `badge.awarded`, `badge.revoked`, `badge.suspended`, `badge.reinstated`, `badge.superseded`.
    pub kind: String,
    /// Whose award.
    pub subject: SubjectId,
    /// Which award: the id of a credential's award, or of an engagement badge's.
    pub award: Uuid,
    /// Of what.
    pub achievement: AchievementId,
    /// Which text of it.
    pub version: VersionId,
    /// The credential's public id; none for an engagement badge.
    pub credential: Option<PublicId>,
    /// The award's key.
    pub key: String,
    /// Why the standing changed.
    pub reason: Option<String>,
    /// Depth of the cascade.
    pub depth: i16,
    /// When.
    pub created: Timestamp,
}
