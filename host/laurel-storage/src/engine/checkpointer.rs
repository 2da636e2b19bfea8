//! Copies SQLite's write-ahead log into the database beside the writer, so that commits do not wait for it.
//!
//! The log begins anew only if all of it is copied when a transaction begins. So a connection of its own copies while the writer goes on
//! writing, and the writer itself, between two transactions, copies the little that came meanwhile.

use sqlx::SqliteConnection;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

use super::Fault;
use super::writer::Order;

/// From so many pages (128 MiB) on, the log is copied. Not sooner: pages of the indexes of random keys repeat from batch to batch, and each
/// is copied once.
const LONG: i32 = 32_768;
/// So many pages may be left to the writer.
const REST: i32 = 1_024;
/// The log is copied so often at most before the writer gets the rest, however much that is.
const PASSES: u32 = 4;
/// How often the log is looked at while there are commits.
const PAUSE: Duration = Duration::from_millis(100);

/// Ends with the writer, which owns the other end of `commits`.
pub(super) fn start(connection: SqliteConnection, commits: watch::Receiver<()>, writer: mpsc::WeakSender<Order>) {
    tokio::spawn(Checkpointer { connection, commits, writer, long: LONG }.work());
}

struct Checkpointer {
    connection: SqliteConnection,
    commits: watch::Receiver<()>,
    writer: mpsc::WeakSender<Order>,
    /// From so many pages on the log is long.
    long: i32,
}

/// The write-ahead log, in pages.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Log {
    log: i32,
    checkpointed: i32,
}

impl Log {
    fn rest(self) -> i32 {
        self.log - self.checkpointed
    }
}

impl Checkpointer {
    async fn work(mut self) {
        while self.commits.changed().await.is_ok() {
            tokio::time::sleep(PAUSE).await;
            let Some(writer) = self.writer.upgrade() else { return };
            match self.copy().await {
                // A closed channel shows at the next round.
                Ok(true) => drop(writer.send(Order::Checkpoint).await),
                Ok(false) => {}
                Err(fault) => tracing::warn!(?fault, "the write-ahead log could not be copied: it is tried again"),
            }
        }
    }

    /// Copies a long log, and says whether the writer is to copy a rest.
    async fn copy(&mut self) -> Result<bool, Fault> {
        let mut log = look(&mut self.connection).await?;
        if log.log < self.long {
            return Ok(false);
        }
        for _ in 0..PASSES {
            if log.rest() <= REST {
                break;
            }
            log = copy_now(&mut self.connection).await?;
        }
        Ok(log.rest() > 0)
    }
}

async fn look(connection: &mut SqliteConnection) -> Result<Log, Fault> {
    checkpoint(connection, "PRAGMA wal_checkpoint(NOOP)").await
}

/// Copies what can be copied without waiting for anybody.
pub(super) async fn copy_now(connection: &mut SqliteConnection) -> Result<Log, Fault> {
    checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await
}

async fn checkpoint(connection: &mut SqliteConnection, sql: &'static str) -> Result<Log, Fault> {
    Ok(sqlx::query_as(sql).fetch_one(connection).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
    use sqlx::{ConnectOptions, Connection};

    async fn write(connection: &mut SqliteConnection, pages: usize) {
        for _ in 0..pages {
            sqlx::query("INSERT INTO t VALUES (zeroblob(4000))").execute(&mut *connection).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_long_log_is_copied_and_begins_anew_and_a_reader_delays_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new().filename(folder.path().join("x.db")).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Wal).pragma("wal_autocheckpoint", "0");
        let mut writer = options.connect().await.unwrap();
        sqlx::query("CREATE TABLE t (x BLOB)").execute(&mut writer).await.unwrap();
        let (orders, _waiting) = mpsc::channel(1);
        let (committed, commits) = watch::channel(());
        let mut checkpointer = Checkpointer {
            connection: options.connect().await.unwrap(),
            commits,
            writer: orders.downgrade(),
            long: 2 * REST,
        };
        assert!(!checkpointer.copy().await.unwrap(), "a short log is left alone");
        let mut reader = options.connect().await.unwrap();
        let mut reading = reader.begin().await.unwrap();
        sqlx::query("SELECT * FROM t").execute(&mut *reading).await.unwrap();
        write(&mut writer, 3 * REST as usize).await;
        assert!(checkpointer.copy().await.unwrap(), "what the reader may still want is not copied");
        reading.rollback().await.unwrap();
        assert!(!checkpointer.copy().await.unwrap(), "all of it is copied");
        write(&mut writer, 1).await;
        assert!(look(&mut checkpointer.connection).await.unwrap().log < 2 * REST, "the log has begun anew");
        drop(committed);
        checkpointer.work().await;
    }
}
