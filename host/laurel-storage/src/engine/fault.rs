//! What can go wrong inside the crate, before it is told in the words of the ports.

use laurel_core::events::CommitError;
use laurel_core::id::Partition;
use laurel_core::store::StoreError;

/// A failed unit of work. Whatever it wrote is rolled back.
#[derive(Debug)]
pub(crate) enum Fault {
    /// An answer in the port's own words.
    Store(StoreError),
    /// The engine's answer.
    Sql(sqlx::Error),
    /// Leases that are not ours any more.
    Fenced(Vec<Partition>),
    /// Cursors that are not where the caller believes them to be, and where they are.
    Moved(Vec<(Partition, i64)>),
    /// Something read before the lock changed until the lock was there: the whole unit has to run again.
    Stale,
    /// One caller of a group is at fault; the group goes on without it.
    Caller(usize, StoreError),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) | Fault::Caller(_, error) => error,
            Fault::Sql(error) => Self::Database(Box::new(error)),
            Fault::Fenced(_) | Fault::Moved(_) | Fault::Stale => {
                Self::Database("rows kept changing while they were being locked".into())
            }
        }
    }
}

impl From<Fault> for CommitError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Fenced(partitions) => Self::Fenced(partitions),
            Fault::Moved(cursors) => Self::Moved(cursors),
            other => Self::Store(other.into()),
        }
    }
}

impl Fault {
    /// Whether running the unit again can help, its transaction having been rolled back for sure.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Stale => true,
            Self::Sql(sqlx::Error::Database(error)) => {
                // serialization_failure, deadlock_detected, idle_in_transaction_session_timeout
                matches!(error.code().as_deref(), Some("40001" | "40P01" | "25P03"))
            }
            _ => false,
        }
    }

    /// Whether a unique value was taken by somebody else in the meantime.
    pub(crate) fn is_race(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the connection died, so that it is unknown what the database did.
    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed) => true,
            // admin_shutdown, crash_shutdown, cannot_connect_now; connection exceptions
            Self::Sql(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code.starts_with("57P0") || code.starts_with("08"))
            }
            _ => false,
        }
    }

    /// The same complaint for another caller of the group.
    pub(crate) fn repeat(&self) -> Self {
        Self::Store(StoreError::Database(format!("the group's transaction failed: {self:?}").into()))
    }
}

/// Names what a violated constraint was about.
pub(crate) trait Named {
    /// A unique value is taken: this one.
    fn taken(self, what: &'static str) -> Self;
    /// A row that was named is missing: this one.
    fn missing(self, what: &'static str) -> Self;
}

impl<T> Named for Result<T, Fault> {
    fn taken(self, what: &'static str) -> Self {
        self.map_err(|fault| if fault.is_race() { Fault::Store(StoreError::Taken(what)) } else { fault })
    }

    fn missing(self, what: &'static str) -> Self {
        self.map_err(|fault| match fault {
            Fault::Sql(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                Fault::Store(StoreError::Missing(what))
            }
            other => other,
        })
    }
}
