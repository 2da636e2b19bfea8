//! One connection of either engine, and the macros that run one SQL text on both.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection};

/// A connection, inside or outside a transaction. SQL written for both engines runs through [`run`], [`one`] and [`all`].
#[derive(Debug)]
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection for reading, outside any transaction.
#[derive(Debug)]
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(held) => Conn::Sqlite(held),
            Self::Postgres(held) => Conn::Postgres(held),
        }
    }
}

/// Runs a statement; gives the number of rows it touched.
macro_rules! run {
    ($conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {{
        let sql = $sql;
        match $conn {
            $crate::engine::Conn::Sqlite(c) => sqlx::query::<sqlx::Sqlite>(sql)$(.bind($arg))*
                .execute(&mut **c).await.map(|done| done.rows_affected()),
            $crate::engine::Conn::Postgres(c) => sqlx::query::<sqlx::Postgres>(sql)$(.bind($arg))*
                .execute(&mut **c).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::engine::Fault::from)
    }};
}

/// Reads at most one row.
macro_rules! one {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {{
        let sql = $sql;
        match $conn {
            $crate::engine::Conn::Sqlite(c) => sqlx::query_as::<sqlx::Sqlite, $row>(sql)$(.bind($arg))*
                .fetch_optional(&mut **c).await,
            $crate::engine::Conn::Postgres(c) => sqlx::query_as::<sqlx::Postgres, $row>(sql)$(.bind($arg))*
                .fetch_optional(&mut **c).await,
        }
        .map_err($crate::engine::Fault::from)
    }};
}

/// Reads every row.
macro_rules! all {
    ($conn:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {{
        let sql = $sql;
        match $conn {
            $crate::engine::Conn::Sqlite(c) => sqlx::query_as::<sqlx::Sqlite, $row>(sql)$(.bind($arg))*
                .fetch_all(&mut **c).await,
            $crate::engine::Conn::Postgres(c) => sqlx::query_as::<sqlx::Postgres, $row>(sql)$(.bind($arg))*
                .fetch_all(&mut **c).await,
        }
        .map_err($crate::engine::Fault::from)
    }};
}

pub(crate) use {all, one, run};

impl Conn<'_> {
    /// One SQL text for each engine, where they differ.
    pub(crate) fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// The text as it is for PostgreSQL; without its ` FOR UPDATE` for SQLite, whose one writer needs no row locks.
    pub(crate) fn locking(&self, sql: &'static str) -> &'static str {
        self.either(sql.strip_suffix(" FOR UPDATE").unwrap_or(sql), sql)
    }
}
