//! Leases: who may fold which partition.

use std::time::Duration;

use laurel_core::events::Lease;
use laurel_core::id::{PARTITIONS, Partition};
use laurel_core::time::Timestamp;

use crate::engine::{Conn, Fault, Ports, Rows, all, one, run};

/// Who asks for leases.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) node: String,
    pub(crate) life: i64,
    pub(crate) ttl: Duration,
    pub(crate) ports: Ports,
}

#[derive(Clone, sqlx::FromRow)]
struct Row {
    partition: i32,
    node: Option<String>,
    life: i64,
    epoch: i64,
    expires: i64,
    cursor: i64,
}

/// Renews, takes and gives back; gives what is held afterwards.
pub(crate) async fn lease(conn: &mut Conn<'_>, claim: &Claim) -> Result<Vec<Lease>, Fault> {
    // The lock comes first: nodes that ask at the same time wait here, and then see each other.
    let sql = "SELECT partition, node, life, epoch, expires, cursor FROM lease ORDER BY partition FOR UPDATE";
    let rows = all!(conn, Row, conn.locking(sql))?;
    let now = claim.ports.now(conn).await?;
    let until = now.plus_millis(i64::try_from(claim.ttl.as_millis()).unwrap_or(i64::MAX));
    let share = fair_share(announce(conn, claim, now, until).await?);
    let (held, changed) = divide(claim, rows, now, until, share);
    write(conn, &changed).await?;
    Ok(held)
}

/// Says that this node lives, and counts those that do.
async fn announce(conn: &mut Conn<'_>, claim: &Claim, now: Timestamp, until: Timestamp) -> Result<i64, Fault> {
    let sql = "INSERT INTO node (name, life, expires) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET life = excluded.life, expires = excluded.expires";
    run!(conn, sql, claim.node.as_str(), claim.life, until.0)?;
    run!(conn, "DELETE FROM node WHERE expires <= $1", now.0)?;
    let live: Option<(i64,)> = one!(conn, (i64,), "SELECT COUNT(*) FROM node")?;
    Ok(live.map_or(1, |(live,)| live.max(1)))
}

fn fair_share(live: i64) -> usize {
    let live = i32::try_from(live).unwrap_or(i32::MAX);
    usize::try_from((PARTITIONS + live - 1) / live).unwrap_or(1)
}

/// Decides for each partition. Those already ours come first, so that leases stay where they are.
fn divide(claim: &Claim, mut rows: Vec<Row>, now: Timestamp, until: Timestamp, share: usize) -> (Vec<Lease>, Vec<Row>) {
    let is_ours = |row: &Row| row.node.as_deref() == Some(claim.node.as_str());
    rows.sort_by_key(|row| (!is_ours(row), row.partition));
    let mut held = Vec::new();
    let mut changed = Vec::new();
    for mut row in rows {
        let still_ours = is_ours(&row) && row.life == claim.life;
        let free = row.node.is_none() || row.expires <= now.0 || is_ours(&row);
        if !free {
            continue;
        }
        if held.len() >= share {
            if still_ours {
                changed.push(Row { node: None, expires: 0, ..row });
            }
            continue;
        }
        if !still_ours {
            row.epoch += 1;
        }
        held.push(Lease { partition: Partition(row.partition), epoch: row.epoch, cursor: row.cursor });
        changed.push(Row { node: Some(claim.node.clone()), life: claim.life, expires: until.0, ..row });
    }
    held.sort_unstable_by_key(|lease| lease.partition);
    (held, changed)
}

async fn write(conn: &mut Conn<'_>, changed: &[Row]) -> Result<(), Fault> {
    let sql = "WITH v (partition, node, life, epoch, expires) AS ({rows})
        UPDATE lease SET node = v.node, life = v.life, epoch = v.epoch, expires = v.expires FROM v
        WHERE lease.partition = v.partition";
    Rows::of(changed)
        .int(|row| row.partition)
        .maybe_text(|row| row.node.as_deref())
        .big(|row| row.life)
        .big(|row| row.epoch)
        .big(|row| row.expires)
        .run(conn, sql)
        .await?;
    Ok(())
}

/// Gives everything back.
pub(crate) async fn release(conn: &mut Conn<'_>, node: &str, life: i64) -> Result<(), Fault> {
    run!(conn, "UPDATE lease SET node = NULL, expires = 0 WHERE node = $1 AND life = $2", node, life)?;
    run!(conn, "DELETE FROM node WHERE name = $1 AND life = $2", node, life)?;
    Ok(())
}

/// How far a partition has been folded.
pub(crate) async fn cursor(conn: &mut Conn<'_>, partition: Partition) -> Result<i64, Fault> {
    let row = one!(conn, (i64,), "SELECT cursor FROM lease WHERE partition = $1", partition.0)?;
    Ok(row.map_or(0, |(cursor,)| cursor))
}

/// Events that wait, over all partitions.
pub(crate) async fn lag(conn: &mut Conn<'_>) -> Result<u64, Fault> {
    let sql = "SELECT CAST(SUM(h.next_seq - 1 - l.cursor) AS BIGINT)
        FROM partition_head h JOIN lease l ON l.partition = h.partition";
    let row = one!(conn, (i64,), sql)?;
    Ok(row.map_or(0, |(lag,)| u64::try_from(lag).unwrap_or(0)))
}
