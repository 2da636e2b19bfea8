//! The one transaction that makes effects happen once: cursors under the lease's epoch, states, awards, outbox.

mod again;
mod awards;
mod engagement;
mod outbox;
mod standings;
mod states;

pub(crate) use awards::write_award;
pub(crate) use engagement::write_engagement;
pub(crate) use standings::change_standings;

use std::collections::BTreeMap;

use laurel_core::events::{Advance, Committed};
use laurel_core::id::Partition;
use laurel_core::pipeline::Effects;

use crate::engine::{Conn, Fault, Rows};

/// What came of awards.
#[derive(Debug)]
struct Given<I> {
    /// Those that are new.
    new: Vec<I>,
    /// How many count again.
    again: usize,
}

impl<I> Given<I> {
    /// How many rows of the outbox tell of them.
    fn told(&self) -> usize {
        self.new.len() + self.again
    }
}

/// Writes effects and moves cursors, if every lease is still ours and every cursor where the effects were folded from: a commit whose
/// answer got lost must not happen again.
pub(crate) async fn commit(conn: &mut Conn<'_>, advances: &[Advance], effects: &Effects) -> Result<Committed, Fault> {
    advance(conn, advances).await?;
    states::forget(conn, &effects.forgotten).await?;
    states::write(conn, &effects.states).await?;
    states::park(conn, &effects.parked).await?;
    let before = change_standings(conn, &effects.standings).await?;
    let awards = awards::write(conn, &effects.awards).await?;
    let engagement = engagement::write(conn, &effects.engagement).await?;
    engagement::write_points(conn, &effects.points).await?;
    let after = change_standings(conn, &effects.later_standings).await?;
    let outbox = before.told + awards.told() + engagement.told() + after.told;
    let changed = before.made + awards.again + after.made;
    Ok(Committed { awards: awards.new, outbox, changed })
}

#[derive(sqlx::FromRow)]
struct Row {
    partition: i32,
    epoch: i64,
    cursor: i64,
}

/// Moves the cursors, or says which leases are lost or which cursors have moved. The rows are locked in the order of their partitions.
async fn advance(conn: &mut Conn<'_>, advances: &[Advance]) -> Result<(), Fault> {
    if advances.is_empty() {
        return Ok(());
    }
    let rows = lock(conn, advances).await?;
    let held: BTreeMap<Partition, &Row> = rows.iter().map(|row| (Partition(row.partition), row)).collect();
    let is_ours = |advance: &Advance| held.get(&advance.partition).is_some_and(|row| row.epoch == advance.epoch);
    let lost: Vec<Partition> =
        advances.iter().filter(|advance| !is_ours(advance)).map(|advance| advance.partition).collect();
    if !lost.is_empty() {
        return Err(Fault::Fenced(lost));
    }
    let moved: Vec<(Partition, i64)> = advances
        .iter()
        .filter_map(|advance| Some((advance, held.get(&advance.partition)?)))
        .filter(|(advance, row)| advance.from != row.cursor)
        .map(|(advance, row)| (advance.partition, row.cursor))
        .collect();
    if !moved.is_empty() {
        return Err(Fault::Moved(moved));
    }
    let forward: Vec<(Partition, i64)> = advances
        .iter()
        .filter(|advance| advance.cursor > advance.from)
        .map(|advance| (advance.partition, advance.cursor))
        .collect();
    let sql = "WITH v (partition, cursor) AS ({rows})
        UPDATE lease SET cursor = v.cursor FROM v WHERE lease.partition = v.partition";
    Rows::of(&forward).int(|(partition, _)| partition.0).big(|(_, cursor)| *cursor).run(conn, sql).await?;
    Ok(())
}

async fn lock(conn: &mut Conn<'_>, advances: &[Advance]) -> Result<Vec<Row>, Fault> {
    match conn {
        Conn::Sqlite(_) => {
            let sql = "SELECT partition, epoch, cursor FROM lease WHERE partition IN ({rows})";
            Rows::of(advances).int(|advance| advance.partition.0).all(conn, sql).await
        }
        Conn::Postgres(c) => {
            let sql =
                "SELECT partition, epoch, cursor FROM lease WHERE partition = ANY($1) ORDER BY partition FOR UPDATE";
            let wanted: Vec<i32> = advances.iter().map(|advance| advance.partition.0).collect();
            Ok(sqlx::query_as::<_, Row>(sql).bind(wanted).fetch_all(&mut **c).await?)
        }
    }
}
