//! Port: what a database must give. Each noun's part stands in its own folder; this file adds them up.

use crate::achievements::AchievementStore;
use crate::awards::AwardStore;
use crate::backpack::BackpackStore;
use crate::clients::ClientStore;
use crate::credentials::CredentialStore;
use crate::engagement::EngagementStore;
use crate::events::EventLog;
use crate::idempotency::IdempotencyStore;
use crate::images::ImageStore;
use crate::issued::IssuedStore;
use crate::organisations::OrganisationStore;
use crate::outbox::OutboxStore;
use crate::plugins::PluginStore;
use crate::proposals::ProposalStore;
use crate::rules::RuleStore;
use crate::sign_in::SignInStore;
use crate::status::StatusStore;
use crate::subjects::SubjectStore;
use crate::tokens::TokenStore;

/// Why the store did not do it. Not found is `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value is taken; the text names it (`slug`, `identifier`, …).
    #[error("{0} is already taken")]
    Taken(&'static str),
    /// The queue in front of the writer is full. Nothing was taken.
    #[error("the writer's queue is full")]
    Busy,
    /// A row that the caller named is not there (a foreign key failed).
    #[error("{0} does not exist")]
    Missing(&'static str),
    /// What the database holds cannot be read back.
    #[error("stored {what} cannot be read: {why}")]
    Corrupt {
        /// The noun.
        what: &'static str,
        /// The reader's complaint.
        why: String,
    },
    /// The database did not answer, or answered with a fault of its own.
    #[error("database: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Everything together. One object, shared by all.
pub trait Store:
    OrganisationStore
    + TokenStore
    + SubjectStore
    + ProposalStore
    + AchievementStore
    + RuleStore
    + PluginStore
    + EventLog
    + AwardStore
    + EngagementStore
    + CredentialStore
    + StatusStore
    + OutboxStore
    + IdempotencyStore
    + SignInStore
    + ClientStore
    + BackpackStore
    + ImageStore
    + IssuedStore
{
}

impl<T> Store for T where
    T: OrganisationStore
        + TokenStore
        + SubjectStore
        + ProposalStore
        + AchievementStore
        + RuleStore
        + PluginStore
        + EventLog
        + AwardStore
        + EngagementStore
        + CredentialStore
        + StatusStore
        + OutboxStore
        + IdempotencyStore
        + SignInStore
        + ClientStore
        + BackpackStore
        + ImageStore
        + IssuedStore
{
}
