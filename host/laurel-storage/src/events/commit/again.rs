//! Awards whose key exists: a rule awards again what a refold of the subject's history had suspended, and it counts again.

use uuid::Uuid;

use laurel_core::awards::{AWARDED_AGAIN, Authority, Standing};
use laurel_core::id::{OutboxId, RuleId, SubjectId};
use laurel_core::pipeline::{AwardRef, StandingChange};
use laurel_core::time::Timestamp;

use super::change_standings;
use crate::engine::{Conn, Fault, Rows};

/// An award that was not inserted, of either kind.
#[derive(Debug)]
pub(super) struct Again<'a> {
    pub(super) subject: SubjectId,
    pub(super) rule: RuleId,
    pub(super) key: &'a str,
    pub(super) outbox: OutboxId,
    pub(super) at: Timestamp,
    pub(super) depth: i16,
}

/// One that a refold suspended, and which of those given it is.
#[derive(sqlx::FromRow)]
struct Withdrawn {
    id: Uuid,
    place: i32,
}

/// Which of these awards of credentials a refold suspended.
pub(super) const AWARDS: &str = "WITH v (subject, rule, key, place) AS ({rows})
    SELECT a.id AS id, v.place AS place FROM v JOIN award a ON a.subject = v.subject AND a.rule = v.rule AND a.key = v.key
    WHERE a.standing = 'suspended' AND a.changed_by = 'refold'";
/// Which of these engagement badges.
pub(super) const ENGAGEMENT: &str = "WITH v (subject, rule, key, place) AS ({rows})
    SELECT a.id AS id, v.place AS place FROM v JOIN engagement a ON a.subject = v.subject AND a.rule = v.rule AND a.key = v.key
    WHERE a.standing = 'suspended' AND a.changed_by = 'refold'";

/// Reinstates those that a refold suspended; gives how many. (Any other stands as it stands: an award with its key is given once.)
pub(super) async fn reinstate(
    conn: &mut Conn<'_>,
    sql: &'static str,
    award: fn(Uuid) -> AwardRef,
    again: &[Again<'_>],
) -> Result<usize, Fault> {
    let numbered: Vec<(i32, &Again<'_>)> = (0..).zip(again).collect();
    let withdrawn: Vec<Withdrawn> = Rows::of(&numbered)
        .uuid(|(_, again)| again.subject.0)
        .uuid(|(_, again)| again.rule.0)
        .text(|(_, again)| again.key)
        .int(|(place, _)| *place)
        .all(conn, sql)
        .await?;
    let change = |found: Withdrawn| {
        let again = usize::try_from(found.place).ok().and_then(|place| again.get(place))?;
        Some(StandingChange {
            award: award(found.id),
            to: Standing::Active,
            by: Authority::Rule,
            reason: AWARDED_AGAIN.to_owned(),
            at: again.at,
            outbox: again.outbox,
            depth: again.depth,
        })
    };
    let changes: Vec<StandingChange> = withdrawn.into_iter().filter_map(change).collect();
    Ok(change_standings(conn, &changes).await?.told)
}
