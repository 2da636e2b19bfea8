//! One transaction's worth of appending, for several callers at once: dedupe, resolve, lock, write.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

use laurel_core::events::{Appended, Receipt};
use laurel_core::id::{Partition, SubjectId};
use laurel_core::time::Timestamp;

use super::Incoming;
use super::heads::{Heads, lock_all, lock_heads, peek_heads};
use super::keys::places;
use super::propose;
use super::resolve::{Brought, resolve};
use super::write::{NewRow, Places, advance_heads, insert_events};
use crate::engine::{Conn, Fault, Ports, Rows};
use crate::stored::fixed;

/// When the heads are locked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LockOrder {
    /// Just before writing: others may append meanwhile, and a merge makes the append [`Fault::Stale`].
    Last,
    /// Every head before anything is read: nothing can overtake.
    First,
}

/// Appends what the callers brought, and answers each of them in order.
///
/// Locks are always taken in this order, each kind sorted: new identifiers, heads, new keys. A race shows as a unique violation or
/// as [`Fault::Stale`]: the whole has to run again. (Proposals are written under their subjects' heads, so nobody races for them.)
pub(crate) async fn append(
    conn: &mut Conn<'_>,
    ports: &Ports,
    callers: &[&[Incoming]],
    order: LockOrder,
) -> Result<Vec<Vec<Appended>>, Fault> {
    let events: Vec<Brought<'_>> = callers
        .iter()
        .enumerate()
        .flat_map(|(caller, events)| events.iter().map(move |event| (caller, event)))
        .collect();
    if events.is_empty() {
        return Ok(callers.iter().map(|_| Vec::new()).collect());
    }
    // The one writer of SQLite cannot be overtaken by a merge.
    let before = match (&conn, order) {
        (Conn::Sqlite(_), _) => None,
        (Conn::Postgres(_), LockOrder::Last) => Some(peek_heads(conn).await?),
        (Conn::Postgres(_), LockOrder::First) => Some(lock_all(conn).await?),
    };
    let plan = Plan::new(&existing(conn, &events).await?, &events);
    let (subjects, proposed) = resolve(conn, ports, &plan.fresh).await?;
    let receipts = write(conn, ports, &plan.fresh, &subjects, before).await?;
    propose::write(conn, ports, &proposed).await?;
    let mut answers = plan.answers(&receipts);
    Ok(callers.iter().map(|events| answers.by_ref().take(events.len()).collect()).collect())
}

#[derive(sqlx::FromRow)]
struct Row {
    key: Uuid,
    digest: Vec<u8>,
    partition: i32,
    seq: i64,
    received: i64,
    subject: Uuid,
}

type Existing = HashMap<Uuid, ([u8; 32], Receipt)>;

/// Which of the events the log has already.
async fn existing(conn: &mut Conn<'_>, events: &[Brought<'_>]) -> Result<Existing, Fault> {
    let keys: Vec<Uuid> = events.iter().map(|(_, event)| event.key).collect();
    let places = places(conn, &keys).await?;
    let sql = "WITH v (partition, seq) AS ({rows})
        SELECT e.key AS key, e.digest AS digest, e.partition AS partition, e.seq AS seq, e.received AS received,
            e.subject AS subject
        FROM v CROSS JOIN event e WHERE e.partition = v.partition AND e.seq = v.seq";
    let rows: Vec<Row> = Rows::of(&places).int(|place| place.0.0).big(|place| place.1).all(conn, sql).await?;
    rows.into_iter()
        .map(|row| {
            let receipt = Receipt {
                partition: Partition(row.partition),
                seq: row.seq,
                received: Timestamp(row.received),
                subject: SubjectId(row.subject),
            };
            Ok((row.key, (fixed("event", &row.digest)?, receipt)))
        })
        .collect()
}

/// What becomes of one event.
enum Fate {
    /// Written, as so manieth of the fresh ones.
    Fresh(usize),
    /// Came before in the same batch, as so manieth of the fresh ones.
    Repeated { first: usize, same: bool },
    /// In the log since earlier.
    Known(Appended),
}

struct Plan<'a> {
    fates: Vec<Fate>,
    fresh: Vec<Brought<'a>>,
}

impl<'a> Plan<'a> {
    fn new(existing: &Existing, events: &[Brought<'a>]) -> Self {
        let mut fresh: Vec<Brought<'a>> = Vec::new();
        let mut first: HashMap<Uuid, usize> = HashMap::new();
        let fates = events
            .iter()
            .map(|(caller, event)| {
                if let Some((digest, receipt)) = existing.get(&event.key) {
                    return Fate::Known(again(*digest == event.digest, *receipt));
                }
                match first.entry(event.key) {
                    Entry::Occupied(seen) => {
                        let first = *seen.get();
                        Fate::Repeated { first, same: fresh[first].1.digest == event.digest }
                    }
                    Entry::Vacant(unseen) => {
                        unseen.insert(fresh.len());
                        fresh.push((*caller, *event));
                        Fate::Fresh(fresh.len() - 1)
                    }
                }
            })
            .collect();
        Self { fates, fresh }
    }

    fn answers(self, receipts: &[Receipt]) -> impl Iterator<Item = Appended> {
        self.fates.into_iter().map(|fate| match fate {
            Fate::Fresh(index) => Appended::New(receipts[index]),
            Fate::Repeated { first, same } => again(same, receipts[first]),
            Fate::Known(appended) => appended,
        })
    }
}

fn again(same: bool, receipt: Receipt) -> Appended {
    if same { Appended::Duplicate(receipt) } else { Appended::Conflict(receipt) }
}

/// Gives each fresh event its place, under the locks of their heads.
async fn write(
    conn: &mut Conn<'_>,
    ports: &Ports,
    fresh: &[Brought<'_>],
    subjects: &[SubjectId],
    before: Option<Heads>,
) -> Result<Vec<Receipt>, Fault> {
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    let mut partitions: Vec<Partition> = subjects.iter().map(|subject| Partition::of(*subject)).collect();
    partitions.sort_unstable();
    partitions.dedup();
    let (heads, now) = lock_heads(conn, ports, &partitions).await?;
    if before.is_some_and(|before| merged_since(&before, &heads)) {
        return Err(Fault::Stale);
    }
    let mut places = Places::new(heads, now);
    let receipts = subjects
        .iter()
        .map(|&subject| {
            let partition = Partition::of(subject);
            let (seq, received) = places.take(partition).ok_or(Fault::Stale)?;
            Ok(Receipt { partition, seq, received, subject })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let mut rows: Vec<NewRow<'_>> =
        fresh.iter().zip(&receipts).map(|((_, event), receipt)| row(event, receipt)).collect();
    insert_events(conn, &mut rows).await?;
    advance_heads(conn, places).await?;
    Ok(receipts)
}

/// Whether any of the locked partitions saw a merge since its head was read.
fn merged_since(before: &Heads, locked: &Heads) -> bool {
    locked.iter().any(|(partition, head)| before.get(partition).is_none_or(|old| old.generation != head.generation))
}

fn row<'a>(incoming: &'a Incoming, receipt: &Receipt) -> NewRow<'a> {
    let event = &incoming.event;
    NewRow {
        partition: receipt.partition,
        seq: receipt.seq,
        key: incoming.key,
        digest: incoming.digest,
        organisation: event.organisation,
        subject: receipt.subject,
        source: &event.source,
        id: &event.id,
        kind: &event.kind,
        time: event.time,
        received: receipt.received,
        depth: event.depth,
        data: &event.data,
    }
}
