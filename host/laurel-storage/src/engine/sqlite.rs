//! SQLite: a pool of readers, and one task that owns the one connection that writes.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, watch};

use super::unit::Unit;
use super::writer::{self, Order};
use super::{Boxed, Conn, Fault, Ports, Reader, checkpointer};
use crate::OpenError;
use crate::events::Call;
use laurel_core::store::StoreError;

/// Units of work and calls that may wait for the writer.
const QUEUE: usize = 16_384;

#[derive(Debug)]
pub(crate) struct SqliteEngine {
    pub(crate) options: SqliteConnectOptions,
    pub(crate) readers: SqlitePool,
    pub(crate) orders: mpsc::Sender<Order>,
    /// Held as long as the file is open; the kernel drops it with the process, however that ends.
    _lock: File,
}

impl SqliteEngine {
    pub(crate) async fn open(path: &Path, ports: &Ports) -> Result<Self, OpenError> {
        let lock = lock(path)?;
        let options = options(path);
        let connection = options.clone().connect().await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone().pragma("query_only", "on"))
            .await?;
        let (committed, commits) = watch::channel(());
        let orders = writer::start(connection, ports.clone(), committed, QUEUE);
        checkpointer::start(options.clone().connect().await?, commits, orders.downgrade());
        Ok(Self { options, readers, orders, _lock: lock })
    }

    pub(crate) async fn reader(&self) -> Result<Reader, Fault> {
        Ok(Reader::Sqlite(self.readers.acquire().await?))
    }

    pub(crate) async fn write<D, T, F>(&self, data: D, work: F) -> Result<T, Fault>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'a, 'c> Fn(&'a D, &'a mut Conn<'c>) -> Boxed<'a, Result<T, Fault>> + Send + Sync + 'static,
    {
        let (unit, outcome) = Unit::new(data, work);
        self.orders.send(Order::Unit(Box::new(unit))).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }

    /// Gives a call to the writer, or says that its queue is full.
    pub(crate) fn append(&self, call: Call) -> Result<(), StoreError> {
        self.orders.try_send(Order::Append(call)).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => gone().into(),
        })
    }
}

fn gone() -> Fault {
    Fault::Store(StoreError::Database("the writer has stopped".into()))
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        // 32 MiB of pages for each connection. The checkpointer copies the write-ahead log; a commit does so only if the log grew to 1 GiB
        // all the same.
        .pragma("cache_size", "-32768")
        .pragma("wal_autocheckpoint", "262144")
        .pragma("temp_store", "memory")
        .disable_statement_logging()
}

/// One process owns the file: two writers would each believe to be the only one.
fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&name).map_err(OpenError::File)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(PathBuf::from(path))),
        Err(TryLockError::Error(error)) => Err(OpenError::File(error)),
    }
}
