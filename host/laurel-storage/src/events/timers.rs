//! Wake-ups, and pairs of rule and subject that are parked.

use uuid::Uuid;

use laurel_core::events::{Lease, ParkedRule, Resumable, StoredState};
use laurel_core::id::{OrganisationId, Partition, RuleId, SubjectId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::time::Timestamp;

use super::heads::lock_heads;
use super::read::{StateRow, trigger};
use crate::engine::{Conn, Fault, Ports, Rows, all, one, run};
use crate::paging;

/// The earliest wake-up of a rule that works. Those of paused rules wait with them, those of parked pairs too.
pub(crate) async fn next_wake(conn: &mut Conn<'_>, partitions: &[Partition]) -> Result<Option<Timestamp>, Fault> {
    let sql = "WITH v (partition) AS ({rows})
        SELECT (SELECT s.wake FROM rule_state s
            WHERE s.partition = v.partition AND s.wake IS NOT NULL AND s.blocked_from IS NULL AND s.rule IN
                (SELECT r.id FROM rule r JOIN installation i ON i.id = r.installation WHERE r.mode = 'active' AND i.enabled)
            ORDER BY s.wake LIMIT 1) AS wake
        FROM v";
    let wakes: Vec<(Option<i64>,)> = Rows::of(partitions).int(|partition| partition.0).all(conn, sql).await?;
    Ok(wakes.into_iter().filter_map(|(wake,)| wake).min().map(Timestamp))
}

/// What [`due`] is asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) lease: Lease,
    pub(crate) max: usize,
    pub(crate) ports: Ports,
}

/// The states due by now, having raised the partition's clock to now. None when events are left to fold, or the lease is lost.
pub(crate) async fn due(conn: &mut Conn<'_>, question: &Question) -> Result<Option<Vec<StoredState>>, Fault> {
    let partition = question.lease.partition;
    let (heads, now) = lock_heads(conn, &question.ports, &[partition]).await?;
    let Some(head) = heads.get(&partition) else { return Ok(None) };
    let sql = "SELECT epoch, cursor FROM lease WHERE partition = $1";
    let lease = one!(conn, (i64, i64), sql, partition.0)?;
    if lease != Some((question.lease.epoch, head.next - 1)) {
        return Ok(None);
    }
    let now = now.max(head.clock);
    let sql = "SELECT s.subject, s.rule, s.state, s.seq, s.wake, s.blocked_from, s.blocked_by FROM rule_state s
        WHERE s.partition = $1 AND s.wake <= $2 AND s.wake IS NOT NULL AND s.blocked_from IS NULL AND s.rule IN
            (SELECT r.id FROM rule r JOIN installation i ON i.id = r.installation WHERE r.mode = 'active' AND i.enabled)
        ORDER BY s.wake, s.subject, s.rule LIMIT $3";
    let limit = i64::try_from(question.max).unwrap_or(i64::MAX);
    let due = all!(conn, StateRow, sql, partition.0, now.0, limit)?;
    // Nothing due needs no raised clock: the next event is received later than now in any case.
    if !due.is_empty() {
        run!(conn, "UPDATE partition_head SET clock = $2 WHERE partition = $1", partition.0, now.0)?;
    }
    Ok(Some(due.into_iter().map(StateRow::read).collect::<Result<_, _>>()?))
}

#[derive(sqlx::FromRow)]
struct ParkedRow {
    subject: Uuid,
    rule: Uuid,
    blocked_from: i64,
    blocked_by: Option<String>,
    error: String,
    since: i64,
}

pub(crate) async fn count_parked(conn: &mut Conn<'_>) -> Result<u64, Fault> {
    let row = one!(conn, (i64,), "SELECT COUNT(*) FROM rule_state WHERE blocked_from IS NOT NULL")?;
    Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
}

/// What is parked, by subject, then rule. The page counts subjects: none is cut in two.
pub(crate) async fn parked(
    conn: &mut Conn<'_>,
    organisation: OrganisationId,
    page: PageRequest,
) -> Result<Page<ParkedRule>, Fault> {
    let sql = "SELECT DISTINCT subject FROM rule_state
        WHERE organisation = $1 AND blocked_from IS NOT NULL AND subject > $2 ORDER BY subject LIMIT $3";
    let subjects = all!(conn, (Uuid,), sql, organisation.0, paging::after(page), paging::limit(page))?;
    let subjects = paging::page(page, subjects, |(subject,)| Ok(subject), |subject| *subject)?;
    let sql = "SELECT subject, rule, blocked_from, blocked_by, error, since FROM rule_state
        WHERE subject IN ({rows}) AND blocked_from IS NOT NULL";
    let mut rows: Vec<ParkedRow> = Rows::of(&subjects.items).uuid(|subject| *subject).all(conn, sql).await?;
    rows.sort_unstable_by_key(|row| (row.subject, row.rule));
    let items = rows.into_iter().map(|row| {
        Ok(ParkedRule {
            rule: RuleId(row.rule),
            subject: SubjectId(row.subject),
            blocked_from: row.blocked_from,
            trigger: trigger(row.blocked_by.as_deref())?,
            error: row.error,
            since: Timestamp(row.since),
        })
    });
    Ok(Page { items: items.collect::<Result<_, Fault>>()?, next: subjects.next })
}

#[derive(sqlx::FromRow)]
struct ResumableRow {
    organisation: Uuid,
    rule: Uuid,
    subject: Uuid,
    since: i64,
}

/// What is parked without a trigger, of rules that work.
pub(crate) async fn resumable(
    conn: &mut Conn<'_>,
    after: Option<(RuleId, SubjectId)>,
    max: usize,
) -> Result<Vec<Resumable>, Fault> {
    let sql = "SELECT organisation, rule, subject, since FROM rule_state
        WHERE blocked_from IS NOT NULL AND blocked_by IS NULL AND rule IN
            (SELECT r.id FROM rule r JOIN installation i ON i.id = r.installation WHERE r.mode = 'active' AND i.enabled)
            AND (rule, subject) > ($1, $2)
        ORDER BY rule, subject LIMIT $3";
    let (rule, subject) = after.map_or((Uuid::nil(), Uuid::nil()), |(rule, subject)| (rule.0, subject.0));
    let rows = all!(conn, ResumableRow, sql, rule, subject, i64::try_from(max).unwrap_or(i64::MAX))?;
    let read = |row: ResumableRow| Resumable {
        organisation: OrganisationId(row.organisation),
        rule: RuleId(row.rule),
        subject: SubjectId(row.subject),
        since: Timestamp(row.since),
    };
    Ok(rows.into_iter().map(read).collect())
}
