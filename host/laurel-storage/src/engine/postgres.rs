//! PostgreSQL: a pool; a unit of work is one transaction, run again when it lost a race.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::{Boxed, Conn, Fault, Ports, Reader};
use crate::OpenError;
use crate::events::{Call, appender};
use laurel_core::store::StoreError;

/// How often a unit that lost a race is run again.
const ATTEMPTS: u32 = 12;
/// A connection that nobody used for so long is asked whether it still lives. One that was just used is not: asking takes as long as
/// most of what is then done with it.
const IDLE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct PostgresEngine {
    pub(crate) pool: PgPool,
    calls: mpsc::Sender<Call>,
}

/// An error or a false makes the pool take another one.
async fn still_lives(connection: &mut PgConnection, idle: Duration) -> Result<bool, sqlx::Error> {
    if idle > IDLE {
        connection.ping().await?;
    }
    Ok(true)
}

impl PostgresEngine {
    pub(crate) async fn open(url: &str, ports: &Ports) -> Result<Self, OpenError> {
        // Every access of ours goes by an index. Told so, the planner cannot keep a plan that it made while the tables were empty.
        let by_index =
            [("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("jit", "off")];
        // A host that stands still in the middle of a transaction keeps no lock for longer, so that others can take its leases over.
        let no_sleepers = [("idle_in_transaction_session_timeout", "10s")];
        let options = PgConnectOptions::from_str(url)?
            .application_name("laurel")
            .options(by_index)
            .options(no_sleepers)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, used| Box::pin(still_lives(connection, used.idle_for)))
            .connect_with(options)
            .await?;
        let calls = appender::start(&pool, ports);
        Ok(Self { pool, calls })
    }

    /// Gives a call to the appenders, or says that their queue is full.
    pub(crate) fn append(&self, call: Call) -> Result<(), StoreError> {
        self.calls.try_send(call).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => StoreError::Database("the appenders have stopped".into()),
        })
    }

    pub(crate) async fn reader(&self) -> Result<Reader, Fault> {
        Ok(Reader::Postgres(self.pool.acquire().await?))
    }

    pub(crate) async fn write<D, T, F>(&self, data: &D, work: &F) -> Result<T, Fault>
    where
        F: for<'a, 'c> Fn(&'a D, &'a mut Conn<'c>) -> Boxed<'a, Result<T, Fault>>,
    {
        let mut attempt = 0;
        loop {
            match self.attempt(data, work).await {
                Err(fault) if fault.is_transient() && attempt < ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
                }
                settled => return settled,
            }
        }
    }

    async fn attempt<D, T, F>(&self, data: &D, work: &F) -> Result<T, Fault>
    where
        F: for<'a, 'c> Fn(&'a D, &'a mut Conn<'c>) -> Boxed<'a, Result<T, Fault>>,
    {
        let mut transaction = self.pool.begin().await?;
        // Dropped on the way out, the transaction rolls back.
        let value = work(data, &mut Conn::Postgres(&mut transaction)).await?;
        transaction.commit().await?;
        Ok(value)
    }
}
