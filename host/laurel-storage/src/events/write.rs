//! Rows of the log. Whoever writes them holds the locks of their heads.

use std::collections::BTreeMap;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, Partition, SubjectId};
use laurel_core::time::Timestamp;

use super::heads::Heads;
use crate::engine::{Conn, Fault, Rows};

/// An event with its place.
#[derive(Debug)]
pub(crate) struct NewRow<'a> {
    pub(crate) partition: Partition,
    pub(crate) seq: i64,
    pub(crate) key: Uuid,
    pub(crate) digest: [u8; 32],
    pub(crate) organisation: OrganisationId,
    pub(crate) subject: SubjectId,
    pub(crate) source: &'a str,
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) time: Timestamp,
    pub(crate) received: Timestamp,
    pub(crate) depth: i16,
    pub(crate) data: &'a str,
}

/// Writes events. They are written in the order of their keys, so that two transactions with the same new keys cannot wait for each other.
pub(crate) async fn insert_events(conn: &mut Conn<'_>, rows: &mut [NewRow<'_>]) -> Result<(), Fault> {
    if matches!(conn, Conn::Postgres(_)) {
        rows.sort_unstable_by_key(|row| row.key);
    }
    let sql = "INSERT INTO event (partition, seq, key, digest, organisation, subject, source, id, kind, time, received,
        depth, data) {rows}";
    Rows::of(&*rows)
        .int(|row| row.partition.0)
        .big(|row| row.seq)
        .uuid(|row| row.key)
        .bytes(|row| row.digest.as_slice())
        .uuid(|row| row.organisation.0)
        .uuid(|row| row.subject.0)
        .text(|row| row.source)
        .text(|row| row.id)
        .text(|row| row.kind)
        .big(|row| row.time.0)
        .big(|row| row.received.0)
        .int(|row| i32::from(row.depth))
        .text(|row| row.data)
        .run(conn, sql)
        .await?;
    if matches!(conn, Conn::Sqlite(_)) {
        conn.keys()?.add(rows);
    }
    Ok(())
}

/// Hands out places in locked partitions: the next sequence number, and a time that never goes back.
#[derive(Debug)]
pub(crate) struct Places {
    heads: Heads,
    now: Timestamp,
    used: BTreeMap<Partition, (i64, Timestamp)>,
}

impl Places {
    pub(crate) fn new(heads: Heads, now: Timestamp) -> Self {
        Self { heads, now, used: BTreeMap::new() }
    }

    /// The next place in a partition; none when it is not locked.
    pub(crate) fn take(&mut self, partition: Partition) -> Option<(i64, Timestamp)> {
        let head = self.heads.get_mut(&partition)?;
        let place = (head.next, self.now.max(head.clock));
        head.next += 1;
        self.used.insert(partition, (head.next, place.1));
        Some(place)
    }

    pub(crate) fn into_used(self) -> Vec<(Partition, i64, Timestamp)> {
        self.used.into_iter().map(|(partition, (next, clock))| (partition, next, clock)).collect()
    }
}

/// Moves the heads behind the places that were taken.
pub(crate) async fn advance_heads(conn: &mut Conn<'_>, places: Places) -> Result<(), Fault> {
    let used = places.into_used();
    let sql = "WITH v (partition, next_seq, clock) AS ({rows})
        UPDATE partition_head SET next_seq = v.next_seq, clock = v.clock FROM v WHERE partition_head.partition = v.partition";
    Rows::of(&used).int(|used| used.0.0).big(|used| used.1).big(|used| used.2.0).run(conn, sql).await?;
    Ok(())
}
