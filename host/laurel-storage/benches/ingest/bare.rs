//! The limit: the same rows into a table with the same indexes, by the engine's own batched insert, with no dedupe, no subjects, no
//! heads; each batch of 256 durable before the next. It too falls as its indexes grow: keys and subjects are random, so that each of a
//! batch's rows touches other pages than the rest.

use std::time::Instant;

use laurel_core::events::NewEvent;
use laurel_core::random::Random as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

use super::{BATCH, per_second};
use crate::world::{SystemRandom, World};

const COLUMNS: &str =
    "partition, seq, key, digest, organisation, subject, source, id, kind, time, received, depth, data";

/// How much longer the table is at the second measurement.
const LONGER: usize = 10;

/// Rows per second into an empty table, and into one that has [`LONGER`] times as many rows as were written first.
pub(crate) async fn insert(world: &World, events: usize) -> (f64, f64) {
    let mut table = Table::open(world).await;
    let mut written = 0;
    let mut rate = async |count: usize| {
        let batches: Vec<Vec<Row>> = (0..count / BATCH).map(|_| rows(world.events(BATCH), &mut written)).collect();
        let started = Instant::now();
        for batch in &batches {
            table.insert(batch).await;
        }
        per_second(batches.len() * BATCH, started.elapsed())
    };
    let first = rate(events).await;
    for _ in 1..LONGER {
        rate(events).await;
    }
    (first, rate(events).await)
}

struct Row {
    partition: i32,
    seq: i64,
    key: Uuid,
    subject: Uuid,
    event: NewEvent,
}

fn random() -> Uuid {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    Uuid::from_bytes(bytes)
}

fn rows(events: Vec<NewEvent>, written: &mut i64) -> Vec<Row> {
    let numbered = (*written..).zip(events);
    let rows: Vec<Row> = numbered
        .map(|(n, event)| Row {
            partition: i32::try_from(n.wrapping_mul(0x9e37_79b9) % 64).unwrap_or(0).abs(),
            seq: n,
            key: random(),
            subject: random(),
            event,
        })
        .collect();
    *written += i64::try_from(rows.len()).unwrap_or(0);
    rows
}

/// A table like the log's, and the connection that writes to it.
enum Table {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Table {
    async fn open(world: &World) -> Self {
        match world.store.engine_name() {
            "sqlite" => Self::Sqlite(open_sqlite(world).await),
            _ => Self::Postgres(open_postgres(world).await),
        }
    }

    async fn insert(&mut self, batch: &[Row]) {
        match self {
            Self::Sqlite(connection) => insert_sqlite(connection, batch).await,
            Self::Postgres(connection) => insert_postgres(connection, batch).await,
        }
    }
}

async fn open_sqlite(world: &World) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(format!("{}.bare", world.address()))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-262144")
        .pragma("wal_autocheckpoint", "8192");
    let mut connection = SqliteConnection::connect_with(&options).await.expect("open");
    let schema = include_str!("../../../../migrations/sqlite/0002_log.sql");
    sqlx::raw_sql(schema).execute(&mut connection).await.expect("schema");
    // What the log does by itself, and whoever only has the engine leaves to it.
    let unique = "CREATE UNIQUE INDEX bare_key ON event (key)";
    sqlx::raw_sql(unique).execute(&mut connection).await.expect("index");
    connection
}

/// Rows of one statement.
const CHUNK: usize = 64;

async fn insert_sqlite(connection: &mut SqliteConnection, batch: &[Row]) {
    let values = vec!["(?,?,?,?,?,?,?,?,?,?,?,?,?)"; CHUNK].join(",");
    let sql = format!("INSERT INTO event ({COLUMNS}) VALUES {values}");
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.expect("begin");
    for chunk in batch.chunks(CHUNK) {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()));
        for row in chunk {
            query = query.bind(row.partition).bind(row.seq).bind(row.key).bind([0_u8; 32].as_slice());
            query = query.bind(row.event.organisation.0).bind(row.subject).bind(row.event.source.as_ref());
            query = query.bind(row.event.id.as_str()).bind(row.event.kind.as_str()).bind(row.event.time.0);
            query = query.bind(row.event.time.0).bind(0).bind(row.event.data.as_str());
        }
        query.execute(&mut *transaction).await.expect("insert");
    }
    transaction.commit().await.expect("commit");
}

async fn open_postgres(world: &World) -> PgConnection {
    let mut connection = PgConnection::connect(&world.address()).await.expect("connect");
    let bare = "CREATE TABLE bare (LIKE event INCLUDING ALL)";
    sqlx::raw_sql(bare).execute(&mut connection).await.expect("a table");
    connection
}

async fn insert_postgres(connection: &mut PgConnection, batch: &[Row]) {
    let sql = format!(
        "INSERT INTO bare ({COLUMNS}) SELECT * FROM UNNEST($1::int[], $2::bigint[], $3::uuid[], $4::bytea[], $5::uuid[],
            $6::uuid[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::int[], $13::text[])"
    );
    let times: Vec<i64> = batch.iter().map(|row| row.event.time.0).collect();
    sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
        .bind(batch.iter().map(|row| row.partition).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.seq).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.key).collect::<Vec<_>>())
        .bind(vec![[0_u8; 32].as_slice(); batch.len()])
        .bind(batch.iter().map(|row| row.event.organisation.0).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.subject).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.event.source.as_ref()).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.event.id.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|row| row.event.kind.as_str()).collect::<Vec<_>>())
        .bind(&times)
        .bind(&times)
        .bind(vec![0; batch.len()])
        .bind(batch.iter().map(|row| row.event.data.as_str()).collect::<Vec<_>>())
        .execute(connection)
        .await
        .expect("insert");
}
