//! The head row of each partition: next sequence number, generation of its resolutions, clock. Locking it orders everything that is
//! written to the partition.

use std::collections::BTreeMap;

use laurel_core::id::Partition;
use laurel_core::time::Timestamp;

use crate::engine::{Conn, Fault, Ports, Rows, all};

/// A head as it stood when it was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) next: i64,
    pub(crate) generation: i64,
    /// The last `received`, or what the clock was raised to.
    pub(crate) clock: Timestamp,
}

/// Heads by partition.
pub(crate) type Heads = BTreeMap<Partition, Head>;

#[derive(sqlx::FromRow)]
struct Row {
    partition: i32,
    next_seq: i64,
    generation: i64,
    clock: i64,
}

#[derive(sqlx::FromRow)]
struct Locked {
    #[sqlx(flatten)]
    head: Row,
    now: i64,
}

fn heads(rows: Vec<Row>) -> Heads {
    rows.into_iter()
        .map(|row| {
            let head = Head { next: row.next_seq, generation: row.generation, clock: Timestamp(row.clock) };
            (Partition(row.partition), head)
        })
        .collect()
}

/// Every head, unlocked.
pub(crate) async fn peek_heads(conn: &mut Conn<'_>) -> Result<Heads, Fault> {
    Ok(heads(all!(conn, Row, "SELECT partition, next_seq, generation, clock FROM partition_head")?))
}

/// Locks these heads, in order (so that two transactions cannot wait for each other), until the end of the transaction. With them
/// comes the time; should it have been read before a lock was there, the head's clock is later and counts.
pub(crate) async fn lock_heads(
    conn: &mut Conn<'_>,
    ports: &Ports,
    partitions: &[Partition],
) -> Result<(Heads, Timestamp), Fault> {
    match conn {
        Conn::Sqlite(_) => {
            let sql = "SELECT partition, next_seq, generation, clock FROM partition_head WHERE partition IN ({rows})";
            let rows = Rows::of(partitions).int(|partition| partition.0).all(conn, sql).await?;
            Ok((heads(rows), ports.clock.now()))
        }
        Conn::Postgres(c) => {
            let sql = "SELECT partition, next_seq, generation, clock,
                    (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now
                FROM partition_head WHERE partition = ANY($1) ORDER BY partition FOR UPDATE";
            let wanted: Vec<i32> = partitions.iter().map(|partition| partition.0).collect();
            let rows = sqlx::query_as::<_, Locked>(sql).bind(wanted).fetch_all(&mut **c).await?;
            let now = rows.iter().map(|row| row.now).max().unwrap_or(0);
            Ok((heads(rows.into_iter().map(|row| row.head).collect()), Timestamp(now)))
        }
    }
}

/// Locks every head, in order.
pub(crate) async fn lock_all(conn: &mut Conn<'_>) -> Result<Heads, Fault> {
    let sql = "SELECT partition, next_seq, generation, clock FROM partition_head ORDER BY partition FOR UPDATE";
    Ok(heads(all!(conn, Row, conn.locking(sql))?))
}

/// What was resolved before in these partitions may lead elsewhere now.
pub(crate) async fn bump_generations(conn: &mut Conn<'_>, partitions: &[Partition]) -> Result<(), Fault> {
    let sql = "UPDATE partition_head SET generation = generation + 1 WHERE partition IN ({rows})";
    Rows::of(partitions).int(|partition| partition.0).run(conn, sql).await?;
    Ok(())
}
