//! Rule states: written, parked, forgotten.

use std::collections::BTreeMap;

use laurel_core::id::{RuleId, SubjectId};
use laurel_core::pipeline::{ParkedWrite, StateWrite};

use crate::engine::{Conn, Fault, Rows};
use crate::stored::json;

/// One row for each pair, the last one, since a statement may touch a row only once. Sorted, so that locks are taken in one order.
fn last<T>(items: &[T], pair: impl Fn(&T) -> (SubjectId, RuleId)) -> Vec<&T> {
    let by_pair: BTreeMap<_, &T> = items.iter().map(|item| (pair(item), item)).collect();
    by_pair.into_values().collect()
}

const WRITE: &str = "WITH v (subject, rule, partition, state, seq, wake, progress) AS ({rows})
    INSERT INTO rule_state (subject, rule, partition, state, seq, wake, progress)
    SELECT subject, rule, partition, state, seq, wake, progress FROM v WHERE TRUE
    ON CONFLICT (subject, rule) DO UPDATE SET partition = excluded.partition, state = excluded.state,
        seq = excluded.seq, wake = excluded.wake, progress = excluded.progress,
        blocked_from = NULL, blocked_by = NULL, error = NULL, since = NULL, organisation = NULL";

/// The same, where the pair was not parked since its state was read: what it parked for is still to be done.
const GO_ON: &str = "WITH v (subject, rule, partition, state, seq, wake, progress) AS ({rows})
    INSERT INTO rule_state (subject, rule, partition, state, seq, wake, progress)
    SELECT subject, rule, partition, state, seq, wake, progress FROM v WHERE TRUE
    ON CONFLICT (subject, rule) DO UPDATE SET partition = excluded.partition, state = excluded.state,
        seq = excluded.seq, wake = excluded.wake, progress = excluded.progress
    WHERE rule_state.blocked_from IS NULL";

/// Writes states; a pair that was refolded is parked no longer.
pub(super) async fn write(conn: &mut Conn<'_>, states: &[StateWrite]) -> Result<(), Fault> {
    let states = last(states, |state| (state.subject, state.rule));
    let (refolded, gone_on): (Vec<&StateWrite>, Vec<&StateWrite>) =
        states.into_iter().partition(|state| state.refolded);
    upsert(conn, &gone_on, GO_ON).await?;
    upsert(conn, &refolded, WRITE).await
}

async fn upsert(conn: &mut Conn<'_>, states: &[&StateWrite], sql: &'static str) -> Result<(), Fault> {
    Rows::of(states)
        .uuid(|state| state.subject.0)
        .uuid(|state| state.rule.0)
        .int(|state| state.partition.0)
        .bytes(|state| state.state.as_slice())
        .big(|state| state.seq)
        .maybe_big(|state| state.wake.map(|wake| wake.0))
        .text(|state| state.progress.as_str())
        .run(conn, sql)
        .await?;
    Ok(())
}

/// Parks pairs; their states stay as they were.
pub(super) async fn park(conn: &mut Conn<'_>, parked: &[ParkedWrite]) -> Result<(), Fault> {
    let written = |parked: &ParkedWrite| parked.trigger.as_ref().map(json).transpose();
    let parked: Vec<(&ParkedWrite, Option<String>)> = last(parked, |parked| (parked.subject, parked.rule))
        .into_iter()
        .map(|parked| Ok((parked, written(parked)?)))
        .collect::<Result<_, Fault>>()?;
    let sql = "WITH v (subject, rule, partition, organisation, blocked_from, blocked_by, error, since) AS ({rows})
        INSERT INTO rule_state
            (subject, rule, partition, seq, progress, organisation, blocked_from, blocked_by, error, since)
        SELECT subject, rule, partition, 0, '[]', organisation, blocked_from, blocked_by, error, since FROM v WHERE TRUE
        ON CONFLICT (subject, rule) DO UPDATE SET organisation = excluded.organisation,
            blocked_from = excluded.blocked_from, blocked_by = excluded.blocked_by, error = excluded.error,
            since = excluded.since";
    Rows::of(&parked)
        .uuid(|(parked, _)| parked.subject.0)
        .uuid(|(parked, _)| parked.rule.0)
        .int(|(parked, _)| parked.partition.0)
        .uuid(|(parked, _)| parked.organisation.0)
        .big(|(parked, _)| parked.blocked_from)
        .maybe_text(|(_, trigger)| trigger.as_deref())
        .text(|(parked, _)| parked.error.as_str())
        .big(|(parked, _)| parked.at.0)
        .run(conn, sql)
        .await?;
    Ok(())
}

/// Forgets the states of merged subjects.
pub(super) async fn forget(conn: &mut Conn<'_>, pairs: &[(RuleId, SubjectId)]) -> Result<(), Fault> {
    let states = "DELETE FROM rule_state WHERE (subject, rule) IN ({rows})";
    let points = "DELETE FROM points WHERE (subject, rule) IN ({rows})";
    for sql in [states, points] {
        Rows::of(pairs).uuid(|(_, subject)| subject.0).uuid(|(rule, _)| rule.0).run(conn, sql).await?;
    }
    Ok(())
}
