//! The database: which engine, and how work gets to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Semaphore;

use laurel_core::random::Random;
use laurel_core::store::StoreError;
use laurel_core::time::Clock;

use crate::engine::{Boxed, Conn, Fault, Ports, PostgresEngine, Reader, SqliteEngine};

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the file open.
    #[error("{} is in use by another process: stop it, or give this one a data folder of its own", .0.display())]
    InUse(PathBuf),
    /// The file or its lock cannot be opened.
    #[error("the database file cannot be opened: {0}")]
    File(#[source] std::io::Error),
    /// The engine does not answer, or refuses.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema cannot be brought up to date.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// How much may wait to be appended, in KiB of event data (each event counts at least one).
const BACKLOG: usize = 65_536;

/// A [`Store`](laurel_core::store::Store) in SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    engine: Engine,
    ports: Ports,
    backlog: Arc<Semaphore>,
}

#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(Box<SqliteEngine>),
    Postgres(PostgresEngine),
}

impl Database {
    /// Opens a SQLite file, made when it is not there. One process at a time: a second one is told so. Must be called within a
    /// tokio runtime, which then runs the writer.
    pub async fn open_sqlite(path: &Path, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, OpenError> {
        let ports = Ports { clock, random };
        let engine = Engine::Sqlite(Box::new(SqliteEngine::open(path, &ports).await?));
        Ok(Self::over(engine, ports))
    }

    /// Connects to PostgreSQL 15 or later (`postgres://…`). Leases and `received` go by the database's clock, `clock` only by ids
    /// and creation times. Must be called within a tokio runtime, which then runs the appenders.
    pub async fn open_postgres(url: &str, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, OpenError> {
        let ports = Ports { clock, random };
        let engine = Engine::Postgres(PostgresEngine::open(url, &ports).await?);
        Ok(Self::over(engine, ports))
    }

    fn over(engine: Engine, ports: Ports) -> Self {
        Self { inner: Arc::new(Inner { engine, ports, backlog: Arc::new(Semaphore::new(BACKLOG)) }) }
    }

    /// Brings the schema up to date. Several hosts may do so at once.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        match self.engine() {
            Engine::Sqlite(sqlite) => {
                use sqlx::{ConnectOptions, Connection};
                let mut connection = sqlite.options.clone().connect().await?;
                sqlx::migrate!("../../migrations/sqlite").run(&mut connection).await?;
                connection.close().await?;
            }
            Engine::Postgres(postgres) => {
                sqlx::migrate!("../../migrations/postgres").run(&postgres.pool).await?;
            }
        }
        Ok(())
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut reader = self.reader().await?;
        crate::engine::run!(&mut reader.conn(), "SELECT 1")?;
        Ok(())
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    pub(crate) fn backlog(&self) -> Arc<Semaphore> {
        self.inner.backlog.clone()
    }

    /// A connection for reading.
    pub(crate) async fn reader(&self) -> Result<Reader, Fault> {
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.reader().await,
            Engine::Postgres(postgres) => postgres.reader().await,
        }
    }

    /// Does a unit of work in one transaction. `work` may run more than once; what a failed run wrote is rolled back.
    pub(crate) async fn write<D, T, F>(&self, data: D, work: F) -> Result<T, Fault>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'a, 'c> Fn(&'a D, &'a mut Conn<'c>) -> Boxed<'a, Result<T, Fault>> + Send + Sync + 'static,
    {
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.write(data, work).await,
            Engine::Postgres(postgres) => postgres.write(&data, &work).await,
        }
    }
}
