//! One connection of either engine, and the macros that run one SQL text on both.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection};
use std::ops::{Deref, DerefMut};

use super::Fault;
use crate::events::Keys;
use laurel_core::store::StoreError;

/// A connection of SQLite; the writer's knows the keys of the log.
#[derive(Debug)]
pub(crate) struct SqliteConn<'c> {
    connection: &'c mut SqliteConnection,
    keys: Option<&'c mut Keys>,
}

impl Deref for SqliteConn<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection
    }
}

impl DerefMut for SqliteConn<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection
    }
}

/// A connection, inside or outside a transaction. SQL written for both engines runs through [`run`], [`one`] and [`all`].
#[derive(Debug)]
pub(crate) enum Conn<'c> {
    Sqlite(SqliteConn<'c>),
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
            Self::Sqlite(held) => Conn::sqlite(held),
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

impl<'c> Conn<'c> {
    /// A connection of SQLite that is not the writer's.
    pub(crate) fn sqlite(connection: &'c mut SqliteConnection) -> Self {
        Self::Sqlite(SqliteConn { connection, keys: None })
    }

    /// SQLite's writer.
    pub(crate) fn writer(connection: &'c mut SqliteConnection, keys: &'c mut Keys) -> Self {
        Self::Sqlite(SqliteConn { connection, keys: Some(keys) })
    }

    /// The keys of SQLite's log.
    pub(crate) fn keys(&mut self) -> Result<&mut Keys, Fault> {
        match self {
            Self::Sqlite(SqliteConn { keys: Some(keys), .. }) => Ok(keys),
            _ => Err(Fault::Store(StoreError::Database("only the writer knows the keys of the log".into()))),
        }
    }

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
