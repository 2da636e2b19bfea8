//! Changes of standing. They are few, and are made one by one in the order given.

use std::collections::BTreeSet;
use uuid::Uuid;

use laurel_core::awards::Standing;
use laurel_core::id::{AchievementId, OrganisationId, PublicId, SubjectId, VersionId};
use laurel_core::outbox::OutboxRow;
use laurel_core::pipeline::{AwardRef, StandingChange};
use laurel_core::status::Purpose;

use super::outbox;
use crate::engine::{Conn, Fault, one, run};
use crate::stored::{from_word, word};

/// An award of either kind, locked.
#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    subject: Uuid,
    achievement: Uuid,
    version: Uuid,
    key: String,
    standing: String,
    changed_by: Option<String>,
    /// These three only of a credential's award.
    public_id: Option<Uuid>,
    status_list: Option<Uuid>,
    status_index: Option<i32>,
}

/// What came of changes of standing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Changed {
    /// How many were made.
    pub(crate) made: usize,
    /// How many of them are told of: not those of the authority alone.
    pub(crate) told: usize,
}

/// Makes the changes that apply.
pub(crate) async fn change_standings(conn: &mut Conn<'_>, changes: &[StandingChange]) -> Result<Changed, Fault> {
    let mut made = 0;
    let mut rows = Vec::new();
    let mut lists = BTreeSet::new();
    for change in changes {
        let Some(award) = find(conn, &change.award).await? else { continue };
        let standing = from_word("standing", award.standing.clone())?;
        let set_by = award.changed_by.clone().map(|word| from_word("authority", word)).transpose()?;
        if !change.applies_to(standing, set_by) {
            continue;
        }
        update(conn, &award, change).await?;
        made += 1;
        if standing != change.to {
            lists.extend(set_bit(conn, &award, change.to).await?);
            rows.push(row(award, change));
        }
    }
    if !rows.is_empty() {
        outbox::write(conn, &rows).await?;
    }
    // At the end and in order: lists are shared by all partitions.
    for list in lists {
        run!(conn, "UPDATE status_list SET revision = revision + 1 WHERE id = $1", list)?;
    }
    Ok(Changed { made, told: rows.len() })
}

const AWARD_BY_ID: &str =
    "SELECT id, organisation, subject, achievement, version, key, standing, changed_by, public_id, status_list,
    status_index FROM award WHERE id = $1 FOR UPDATE";
const AWARD_BY_KEY: &str =
    "SELECT id, organisation, subject, achievement, version, key, standing, changed_by, public_id, status_list,
    status_index FROM award WHERE subject = $1 AND rule = $2 AND key = $3 FOR UPDATE";
const ENGAGEMENT_BY_ID: &str =
    "SELECT id, organisation, subject, achievement, version, key, standing, changed_by, CAST(NULL AS UUID) AS public_id,
    CAST(NULL AS UUID) AS status_list, CAST(NULL AS INTEGER) AS status_index FROM engagement WHERE id = $1 FOR UPDATE";
const ENGAGEMENT_BY_KEY: &str = "SELECT id, organisation, subject, achievement, version, key, standing, changed_by, CAST(NULL AS UUID) AS public_id,
    CAST(NULL AS UUID) AS status_list, CAST(NULL AS INTEGER) AS status_index FROM engagement WHERE subject = $1 AND rule = $2 AND key = $3 FOR UPDATE";

async fn find(conn: &mut Conn<'_>, award: &AwardRef) -> Result<Option<Row>, Fault> {
    match award {
        AwardRef::Award(id) => one!(conn, Row, conn.locking(AWARD_BY_ID), id.0),
        AwardRef::Engagement(id) => one!(conn, Row, conn.locking(ENGAGEMENT_BY_ID), id.0),
        AwardRef::Key { rule, subject, key } => {
            let found = one!(conn, Row, conn.locking(AWARD_BY_KEY), subject.0, rule.0, key.as_str())?;
            if found.is_some() {
                return Ok(found);
            }
            one!(conn, Row, conn.locking(ENGAGEMENT_BY_KEY), subject.0, rule.0, key.as_str())
        }
    }
}

async fn update(conn: &mut Conn<'_>, award: &Row, change: &StandingChange) -> Result<(), Fault> {
    if award.public_id.is_some() {
        let sql = "UPDATE award SET standing = $2, changed_by = $3, reason = $4, changed = $5 WHERE id = $1";
        run!(conn, sql, award.id, change.to.as_str(), word(&change.by), change.reason.as_str(), change.at.0)?;
    } else {
        let sql = "UPDATE engagement SET standing = $2, changed_by = $3 WHERE id = $1";
        run!(conn, sql, award.id, change.to.as_str(), word(&change.by))?;
    }
    Ok(())
}

/// Sets what verifiers will see; gives the list that changed. A superseded award's credential stays as it was.
async fn set_bit(conn: &mut Conn<'_>, award: &Row, to: Standing) -> Result<Option<Uuid>, Fault> {
    let (Some(list), Some(place)) = (award.status_list, award.status_index) else { return Ok(None) };
    let purpose = match to {
        Standing::Superseded => return Ok(None),
        Standing::Active => {
            run!(conn, "DELETE FROM status_bit WHERE list = $1 AND place = $2", list, place)?;
            return Ok(Some(list));
        }
        Standing::Suspended => Purpose::Suspension,
        Standing::Revoked => Purpose::Revocation,
    };
    let sql = "INSERT INTO status_bit (list, place, purpose) VALUES ($1, $2, $3)
        ON CONFLICT (list, place) DO UPDATE SET purpose = excluded.purpose";
    run!(conn, sql, list, place, word(&purpose))?;
    Ok(Some(list))
}

fn row(award: Row, change: &StandingChange) -> OutboxRow {
    OutboxRow {
        id: change.outbox,
        organisation: OrganisationId(award.organisation),
        kind: change.to.event_kind().to_owned(),
        subject: SubjectId(award.subject),
        award: award.id,
        achievement: AchievementId(award.achievement),
        version: VersionId(award.version),
        credential: award.public_id.map(PublicId),
        key: award.key,
        reason: Some(change.reason.clone()),
        depth: change.depth,
        created: change.at,
    }
}
