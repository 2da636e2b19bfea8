//! Achievements and their versions.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::achievements::{Achievement, AchievementStore, Archiving, Version};
use laurel_core::id::{AchievementId, OrganisationId, RuleId, VersionId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::stored::{from_json, from_word, json, word};
use crate::{paging, rules};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    kind: String,
    created: i64,
    archived: Option<i64>,
    #[sqlx(flatten)]
    version: VersionRow,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version_id: Uuid,
    number: i32,
    text: String,
    version_created: i64,
}

fn read(row: Row) -> Result<Achievement, Fault> {
    Ok(Achievement {
        id: AchievementId(row.id),
        organisation: OrganisationId(row.organisation),
        kind: from_word("achievement", row.kind)?,
        created: Timestamp(row.created),
        archived: row.archived.map(Timestamp),
        version: read_version(&row.version)?,
    })
}

fn read_version(row: &VersionRow) -> Result<Version, Fault> {
    Ok(Version {
        id: VersionId(row.version_id),
        number: row.number.cast_unsigned(),
        text: from_json("version", &row.text)?,
        created: Timestamp(row.version_created),
    })
}

async fn insert(conn: &mut Conn<'_>, achievement: &Achievement) -> Result<(), Fault> {
    let sql = "INSERT INTO achievement (id, organisation, kind, created, archived) VALUES ($1, $2, $3, $4, $5)";
    run!(
        conn,
        sql,
        achievement.id.0,
        achievement.organisation.0,
        word(&achievement.kind),
        achievement.created.0,
        achievement.archived.map(|at| at.0),
    )
    .missing("organisation")?;
    insert_version(conn, achievement.id, &achievement.version).await
}

async fn insert_version(conn: &mut Conn<'_>, achievement: AchievementId, version: &Version) -> Result<(), Fault> {
    let sql = "INSERT INTO achievement_version (id, achievement, number, text, created) VALUES ($1, $2, $3, $4, $5)";
    let number = version.number.cast_signed();
    run!(conn, sql, version.id.0, achievement.0, number, json(&version.text)?, version.created.0)
        .taken("version")
        .missing("achievement")?;
    rules::bump(conn).await
}

async fn archive(conn: &mut Conn<'_>, id: AchievementId, at: Timestamp) -> Result<Archiving, Fault> {
    // Locked before the rules are looked at: whoever activates one waits for this, or this for him.
    let sql = conn.locking("SELECT id FROM achievement WHERE id = $1 FOR UPDATE");
    if one!(conn, (Uuid,), sql, id.0)?.is_none() {
        return Ok(Archiving::Missing);
    }
    let sql = "SELECT id FROM rule WHERE achievement = $1 AND mode = 'active' ORDER BY id";
    let rules: Vec<RuleId> = all!(conn, (Uuid,), sql, id.0)?.into_iter().map(|(id,)| RuleId(id)).collect();
    if !rules.is_empty() {
        return Ok(Archiving::AwardedBy(rules));
    }
    run!(conn, "UPDATE achievement SET archived = COALESCE(archived, $2) WHERE id = $1", id.0, at.0)?;
    Ok(Archiving::Done)
}

/// For whoever lets a rule award: what it awards is not archived, nor will it be before this transaction ends.
pub(crate) async fn must_be_offered(conn: &mut Conn<'_>, rule: RuleId) -> Result<(), Fault> {
    let sql = "SELECT archived FROM achievement WHERE id = (SELECT achievement FROM rule WHERE id = $1) FOR UPDATE";
    match one!(conn, (Option<i64>,), conn.locking(sql), rule.0)? {
        Some((Some(_),)) => Err(StoreError::Missing("offered achievement").into()),
        _ => Ok(()),
    }
}

#[async_trait]
impl AchievementStore for Database {
    async fn insert_achievement(&self, achievement: &Achievement) -> Result<(), StoreError> {
        Ok(self.write(achievement.clone(), |achievement, conn| Box::pin(insert(conn, achievement))).await?)
    }

    async fn achievement(&self, id: AchievementId) -> Result<Option<Achievement>, StoreError> {
        let sql = "SELECT a.id, a.organisation, a.kind, a.created, a.archived, v.id AS version_id, v.number, v.text,
                v.created AS version_created
            FROM achievement a JOIN achievement_version v ON v.achievement = a.id
            WHERE a.id = $1 ORDER BY v.number DESC LIMIT 1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn achievements(
        &self,
        organisation: OrganisationId,
        page: PageRequest,
    ) -> Result<Page<Achievement>, StoreError> {
        let sql = "SELECT a.id, a.organisation, a.kind, a.created, a.archived, v.id AS version_id, v.number, v.text,
                v.created AS version_created
            FROM achievement a JOIN achievement_version v ON v.achievement = a.id
                AND v.number = (SELECT MAX(l.number) FROM achievement_version l WHERE l.achievement = a.id)
            WHERE a.organisation = $1 AND a.id > $2 ORDER BY a.id LIMIT $3";
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |achievement| achievement.id.0)?)
    }

    async fn insert_version(&self, achievement: AchievementId, version: &Version) -> Result<(), StoreError> {
        let work = (achievement, version.clone());
        Ok(self.write(work, |(of, version), conn| Box::pin(insert_version(conn, *of, version))).await?)
    }

    async fn versions(&self, achievement: AchievementId) -> Result<Vec<Version>, StoreError> {
        let sql = "SELECT id AS version_id, number, text, created AS version_created FROM achievement_version
            WHERE achievement = $1 ORDER BY number";
        let rows = all!(&mut self.reader().await?.conn(), VersionRow, sql, achievement.0)?;
        Ok(rows.iter().map(read_version).collect::<Result<_, _>>()?)
    }

    async fn achievement_at(&self, version: VersionId) -> Result<Option<Achievement>, StoreError> {
        let sql = "SELECT a.id, a.organisation, a.kind, a.created, a.archived, v.id AS version_id, v.number, v.text,
                v.created AS version_created
            FROM achievement_version v JOIN achievement a ON a.id = v.achievement WHERE v.id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, version.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn archive_achievement(&self, id: AchievementId, at: Timestamp) -> Result<Archiving, StoreError> {
        Ok(self.write((id, at), |(id, at), conn| Box::pin(archive(conn, *id, *at))).await?)
    }
}
