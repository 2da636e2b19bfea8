//! Reading the log: behind the cursors, a subject's history, one event.

use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

use laurel_core::events::{Batch, Lease, LogEvent, StoredProgress, StoredState};
use laurel_core::id::{OrganisationId, Partition, RuleId, SubjectId};
use laurel_core::pipeline::Trigger;
use laurel_core::time::Timestamp;

use super::keys::places;
use crate::engine::{Conn, Fault, Rows, all, one};
use crate::stored::from_json;

#[derive(sqlx::FromRow)]
pub(crate) struct EventRow {
    partition: i32,
    seq: i64,
    organisation: Uuid,
    subject: Uuid,
    source: String,
    id: String,
    kind: String,
    time: i64,
    received: i64,
    depth: i32,
    data: Option<String>,
}

impl From<EventRow> for LogEvent {
    fn from(row: EventRow) -> Self {
        Self {
            partition: Partition(row.partition),
            seq: row.seq,
            organisation: OrganisationId(row.organisation),
            subject: SubjectId(row.subject),
            source: row.source.into(),
            id: row.id.into(),
            kind: row.kind.into(),
            time: Timestamp(row.time),
            received: Timestamp(row.received),
            data: row.data.map(Arc::from),
            depth: i16::try_from(row.depth).unwrap_or(i16::MAX),
        }
    }
}

/// What is read from where: `after < seq <= to`. Sequences have no gaps, so this is also how many.
struct Span {
    partition: Partition,
    after: i64,
    to: i64,
}

#[derive(sqlx::FromRow)]
struct Reach {
    partition: i32,
    next_seq: i64,
    rules: i64,
}

/// Events behind the leases' cursors, and the rules' generation as it was when the last of them was there: an event that came after a
/// rule's activation never comes without it.
pub(crate) async fn read(conn: &mut Conn<'_>, leases: &[Lease], max: usize) -> Result<Batch, Fault> {
    let sql = "SELECT h.partition AS partition, h.next_seq AS next_seq, g.generation AS rules
        FROM rules_generation g CROSS JOIN partition_head h";
    let reach = all!(conn, Reach, sql)?;
    let rules_generation = reach.first().map_or(0, |reach| reach.rules);
    let next: HashMap<i32, i64> = reach.into_iter().map(|reach| (reach.partition, reach.next_seq)).collect();
    let waiting = leases.iter().filter_map(|&Lease { partition, cursor, .. }| {
        let to = next.get(&partition.0)? - 1;
        (to > cursor).then_some(Span { partition, after: cursor, to })
    });
    let spans = share(waiting.collect(), max);
    let sql = "WITH v (partition, after_seq, to_seq) AS ({rows})
        SELECT e.partition AS partition, e.seq AS seq, e.organisation AS organisation, e.subject AS subject,
            e.source AS source, e.id AS id, e.kind AS kind, e.time AS time, e.received AS received, e.depth AS depth,
            e.data AS data
        FROM v CROSS JOIN event e WHERE e.partition = v.partition AND e.seq > v.after_seq AND e.seq <= v.to_seq";
    let rows: Vec<EventRow> =
        Rows::of(&spans).int(|span| span.partition.0).big(|span| span.after).big(|span| span.to).all(conn, sql).await?;
    let mut events: Vec<LogEvent> = rows.into_iter().map(LogEvent::from).collect();
    events.sort_unstable_by_key(|event| (event.partition, event.seq));
    Ok(Batch { events, rules_generation })
}

/// Shortens the spans to `max` events in all: the shortest are read whole, what they leave over goes to the longer ones.
fn share(mut spans: Vec<Span>, max: usize) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| span.to - span.after);
    let mut left = i64::try_from(max).unwrap_or(i64::MAX);
    let mut others = i64::try_from(spans.len()).unwrap_or(i64::MAX);
    for span in &mut spans {
        let fair = (left + others - 1) / others;
        span.to = span.to.min(span.after + fair);
        left -= span.to - span.after;
        others -= 1;
    }
    spans
}

#[derive(sqlx::FromRow)]
pub(crate) struct StateRow {
    subject: Uuid,
    rule: Uuid,
    state: Option<Vec<u8>>,
    seq: i64,
    wake: Option<i64>,
    blocked_from: Option<i64>,
    blocked_by: Option<String>,
}

impl StateRow {
    pub(crate) fn read(self) -> Result<StoredState, Fault> {
        Ok(StoredState {
            rule: RuleId(self.rule),
            subject: SubjectId(self.subject),
            state: self.state,
            seq: self.seq,
            wake: self.wake.map(Timestamp),
            blocked_from: self.blocked_from,
            trigger: trigger(self.blocked_by.as_deref())?,
        })
    }
}

/// What stopped a parked pair.
pub(crate) fn trigger(blocked_by: Option<&str>) -> Result<Option<Trigger>, Fault> {
    blocked_by.map(|text| from_json("trigger", text)).transpose()
}

/// States of rules for subjects. Most rules of a subject are asked for anyway: they are read by subject and sifted here.
pub(crate) async fn states(
    conn: &mut Conn<'_>,
    rules: &[RuleId],
    subjects: &[SubjectId],
) -> Result<Vec<StoredState>, Fault> {
    let sql =
        "SELECT subject, rule, state, seq, wake, blocked_from, blocked_by FROM rule_state WHERE subject IN ({rows})";
    let rows: Vec<StateRow> = Rows::of(subjects).uuid(|subject| subject.0).all(conn, sql).await?;
    let wanted: std::collections::HashSet<Uuid> = rules.iter().map(|rule| rule.0).collect();
    rows.into_iter().filter(|row| wanted.contains(&row.rule)).map(StateRow::read).collect()
}

#[derive(sqlx::FromRow)]
struct ProgressRow {
    rule: Uuid,
    progress: String,
    blocked_from: Option<i64>,
}

/// What the rules measured of a subject.
pub(crate) async fn progress(conn: &mut Conn<'_>, subject: SubjectId) -> Result<Vec<StoredProgress>, Fault> {
    let sql = "SELECT rule, progress, blocked_from FROM rule_state WHERE subject = $1";
    let read = |row: ProgressRow| {
        let progress = from_json("progress", &row.progress)?;
        Ok(StoredProgress { rule: RuleId(row.rule), progress, is_parked: row.blocked_from.is_some() })
    };
    all!(conn, ProgressRow, sql, subject.0)?.into_iter().map(read).collect()
}

/// One event by its key.
pub(crate) async fn event(conn: &mut Conn<'_>, key: Uuid) -> Result<Option<LogEvent>, Fault> {
    let Some((partition, seq)) = places(conn, &[key]).await?.pop() else { return Ok(None) };
    let sql = "SELECT partition, seq, organisation, subject, source, id, kind, time, received, depth, data FROM event
        WHERE partition = $1 AND seq = $2";
    Ok(one!(conn, EventRow, sql, partition.0, seq)?.map(LogEvent::from))
}

#[cfg(test)]
mod tests {
    use super::{Partition, Span, share};

    fn counts(waiting: &[i64], max: usize) -> Vec<i64> {
        let spans = waiting.iter().map(|to| Span { partition: Partition(0), after: 0, to: *to }).collect();
        share(spans, max).iter().map(|span| span.to - span.after).collect()
    }

    #[test]
    fn short_ones_whole_and_the_rest_to_the_long() {
        assert_eq!(counts(&[1, 100, 100], 21), [1, 10, 10]);
        assert_eq!(counts(&[5, 5], 100), [5, 5]);
        assert_eq!(counts(&[100, 100, 100], 2), [1, 1, 0]);
        assert_eq!(counts(&[], 2), Vec::<i64>::new());
    }
}
