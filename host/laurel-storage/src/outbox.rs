//! The outbox.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{AchievementId, OrganisationId, OutboxId, Partitions, PublicId, SubjectId, VersionId};
use laurel_core::outbox::{OutboxRow, OutboxStore};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Rows, all, one};
use crate::paging;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    kind: String,
    subject: Uuid,
    award: Uuid,
    achievement: Uuid,
    version: Uuid,
    credential: Option<Uuid>,
    key: String,
    reason: Option<String>,
    depth: i32,
    created: i64,
}

impl From<Row> for OutboxRow {
    fn from(row: Row) -> Self {
        Self {
            id: OutboxId(row.id),
            organisation: OrganisationId(row.organisation),
            kind: row.kind,
            subject: SubjectId(row.subject),
            award: row.award,
            achievement: AchievementId(row.achievement),
            version: VersionId(row.version),
            credential: row.credential.map(PublicId),
            key: row.key,
            reason: row.reason,
            depth: i16::try_from(row.depth).unwrap_or(i16::MAX),
            created: Timestamp(row.created),
        }
    }
}

async fn unrelayed(conn: &mut Conn<'_>, partitions: Partitions, max: usize) -> Result<Vec<OutboxRow>, Fault> {
    // In the order of writing, passing over other hosts' rows: what waits is little, and most of it is ours.
    let sql = "SELECT o.id, o.organisation, o.kind, o.subject, o.award, o.achievement, o.version, o.credential, o.key, o.reason,
            o.depth, o.created
        FROM (SELECT n FROM unrelayed WHERE (CAST($1 AS BIGINT) >> partition) & 1 = 1 ORDER BY n LIMIT $2) u
            CROSS JOIN outbox o
        WHERE o.n = u.n ORDER BY u.n";
    let limit = i64::try_from(max).unwrap_or(i64::MAX);
    let rows = all!(conn, Row, sql, partitions.bits(), limit)?;
    Ok(rows.into_iter().map(OutboxRow::from).collect())
}

async fn mark(conn: &mut Conn<'_>, rows: &[OutboxId]) -> Result<(), Fault> {
    let sql = "DELETE FROM unrelayed WHERE n IN (SELECT n FROM outbox WHERE id IN ({rows}))";
    Rows::of(rows).uuid(|row| row.0).run(conn, sql).await?;
    Ok(())
}

#[async_trait]
impl OutboxStore for Database {
    async fn unrelayed(&self, partitions: Partitions, max: usize) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(unrelayed(&mut self.reader().await?.conn(), partitions, max).await?)
    }

    async fn count_unrelayed(&self) -> Result<u64, StoreError> {
        let row = one!(&mut self.reader().await?.conn(), (i64,), "SELECT COUNT(*) FROM unrelayed")?;
        Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }

    async fn mark_relayed(&self, rows: &[OutboxId]) -> Result<(), StoreError> {
        Ok(self.write(rows.to_vec(), |rows, conn| Box::pin(mark(conn, rows))).await?)
    }

    async fn outbox(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<OutboxRow>, StoreError> {
        let sql =
            "SELECT id, organisation, kind, subject, award, achievement, version, credential, key, reason, depth, created
            FROM outbox
            WHERE organisation = $1 AND n > COALESCE((SELECT n FROM outbox WHERE id = $2), 0) ORDER BY n LIMIT $3";
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, |row| Ok(OutboxRow::from(row)), |row| row.id.0)?)
    }
}
