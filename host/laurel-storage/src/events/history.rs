//! Subjects' histories, in the order of truth.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use laurel_core::events::LogEvent;
use laurel_core::id::{Partition, SubjectId};
use laurel_core::time::Timestamp;

use super::read::EventRow;
use crate::engine::{Conn, Fault, all, one};

/// A place in the order of truth.
pub(crate) type Place = (Timestamp, Partition, i64);

/// The subjects' events after a place, in the order of truth. Each subject's own come sorted; they are merged here.
pub(crate) async fn history(
    conn: &mut Conn<'_>,
    subjects: &[SubjectId],
    after: Option<Place>,
    max: usize,
) -> Result<Vec<LogEvent>, Fault> {
    let mut first: BinaryHeap<(Place, Reverse<usize>)> = BinaryHeap::new();
    let mut found = Vec::new();
    for subject in subjects {
        for event in of_subject(conn, *subject, after, max).await? {
            let place = (event.received, event.partition, event.seq);
            first.push((place, Reverse(found.len())));
            found.push(Some(event));
            // The heap keeps the `max` earliest: its top is the latest of them.
            if first.len() > max
                && let Some((_, Reverse(late))) = first.pop()
            {
                found[late] = None;
            }
        }
    }
    let sorted = first.into_sorted_vec();
    Ok(sorted.into_iter().filter_map(|(_, Reverse(index))| found[index].take()).collect())
}

/// Where no event has been before.
const BEGINNING: Place = (Timestamp(i64::MIN), Partition(0), 0);

async fn of_subject(
    conn: &mut Conn<'_>,
    subject: SubjectId,
    after: Option<Place>,
    max: usize,
) -> Result<Vec<LogEvent>, Fault> {
    let limit = i64::try_from(max).unwrap_or(i64::MAX);
    let after = after.unwrap_or(BEGINNING);
    if matches!(conn, Conn::Sqlite(_)) {
        return by_stretches(conn, subject, after, limit).await;
    }
    let (received, partition, seq) = after;
    let sql = "SELECT partition, seq, organisation, subject, source, id, kind, time, received, depth, data FROM event
        WHERE subject = $1 AND (received, partition, seq) > ($2, $3, $4)
        ORDER BY received, partition, seq LIMIT $5";
    let rows = all!(conn, EventRow, sql, subject.0, received.0, partition.0, seq, limit)?;
    Ok(rows.into_iter().map(LogEvent::from).collect())
}

/// A stretch is so many sequence numbers, a power of two, of every partition. The statement below says the same number, as the index of
/// SQLite's schema does: only then is it found.
const STRETCH: u32 = 8;
/// So many stretches are looked into at once: first, so that a page of somebody with many events is not made of all of them …
const FEW: i64 = 4;
/// … and at most, when little is found.
const MANY: i64 = 256;

/// The same on SQLite. All events of a subject are in one partition, where later ones have higher numbers and never earlier times.
async fn by_stretches(
    conn: &mut Conn<'_>,
    subject: SubjectId,
    after: Place,
    limit: i64,
) -> Result<Vec<LogEvent>, Fault> {
    let home = Partition::of(subject);
    let (received, partition, seq) = after;
    let head = one!(conn, (i64,), "SELECT next_seq FROM partition_head WHERE partition = $1", home.0)?;
    let last = head.map_or(0, |(next,)| next) >> STRETCH;
    let mut first = if partition == home { seq >> STRETCH } else { 0 };
    let (mut found, mut left, mut width) = (Vec::new(), limit, FEW);
    let sql = "WITH RECURSIVE stretch (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM stretch WHERE n < $2)
        SELECT e.partition AS partition, e.seq AS seq, e.organisation AS organisation, e.subject AS subject,
            e.source AS source, e.id AS id, e.kind AS kind, e.time AS time, e.received AS received, e.depth AS depth,
            e.data AS data
        FROM stretch CROSS JOIN event e
        WHERE e.seq >> 8 = stretch.n AND e.subject = $3 AND (e.received, e.partition, e.seq) > ($4, $5, $6)
        ORDER BY e.received, e.partition, e.seq LIMIT $7";
    while first <= last && left > 0 {
        let to = last.min(first + width - 1);
        let rows = all!(conn, EventRow, sql, first, to, subject.0, received.0, partition.0, seq, left)?;
        left -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
        found.extend(rows.into_iter().map(LogEvent::from));
        first = to + 1;
        width = MANY.min(width * 2);
    }
    Ok(found)
}
