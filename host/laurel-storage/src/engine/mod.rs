//! The two engines under one roof: connections, sets of rows, units of work, and who runs them.

mod checkpointer;
mod conn;
mod fault;
mod postgres;
mod rows;
mod sqlite;
mod unit;
mod writer;

pub(crate) use conn::{Conn, Reader, all, one, run};
pub(crate) use fault::{Fault, Named};
pub(crate) use postgres::PostgresEngine;
pub(crate) use rows::Rows;
pub(crate) use sqlite::SqliteEngine;
pub(crate) use unit::Boxed;

use laurel_core::random::Random;
use laurel_core::time::{Clock, Timestamp};
use std::sync::Arc;

/// The ports that the store itself needs.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

impl Ports {
    /// The time that leases and the log go by: PostgreSQL's own, since several hosts share it; the clock port on SQLite.
    pub(crate) async fn now(&self, conn: &mut Conn<'_>) -> Result<Timestamp, Fault> {
        let Conn::Postgres(c) = conn else { return Ok(self.clock.now()) };
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        Ok(Timestamp(sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut **c).await?))
    }
}
