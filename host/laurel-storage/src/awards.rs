//! Awards of credentials, outside the pipeline's commit.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::awards::{Award, AwardStore, NewAward, UnsignedAward, UnsignedDocument};
use laurel_core::id::{
    AchievementId, AwardId, KeyId, OrganisationId, Partitions, PublicId, RuleId, StatusListId, SubjectId, VersionId,
};
use laurel_core::page::{Page, PageRequest};
use laurel_core::pipeline::StandingChange;
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Rows, all, one};
use crate::events::{change_standings, write_award};
use crate::paging;
use crate::stored::from_word;
use crate::subjects::must_exist;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    subject: Uuid,
    achievement: Uuid,
    version: Uuid,
    rule: Option<Uuid>,
    key: String,
    awarded: i64,
    valid_until: Option<i64>,
    standing: String,
    reason: Option<String>,
    changed: Option<i64>,
    changed_by: Option<String>,
    explanation: String,
    status_list: Uuid,
    status_index: i32,
    successor: Option<Uuid>,
    signed: bool,
}

/// Every column of an award; where it comes from and which ones is to follow.
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT a.id AS id, a.public_id AS public_id, a.organisation AS organisation, a.subject AS subject, ",
            "a.achievement AS achievement, a.version AS version, a.rule AS rule, a.key AS key, a.awarded AS awarded, ",
            "a.valid_until AS valid_until, a.standing AS standing, a.reason AS reason, a.changed AS changed, ",
            "a.changed_by AS changed_by, ",
            "a.explanation AS explanation, a.status_list AS status_list, a.status_index AS status_index, ",
            "a.successor AS successor, ",
            // No EXISTS: PostgreSQL may answer that by reading every credential there is.
            "((SELECT c.award FROM credential c WHERE c.award = a.id) IS NOT NULL) AS signed ",
            $($rest),+
        )
    };
}

fn read(row: Row) -> Result<Award, Fault> {
    Ok(Award {
        id: AwardId(row.id),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        subject: SubjectId(row.subject),
        achievement: AchievementId(row.achievement),
        version: VersionId(row.version),
        rule: row.rule.map(RuleId),
        key: row.key,
        awarded: Timestamp(row.awarded),
        valid_until: row.valid_until.map(Timestamp),
        standing: from_word("standing", row.standing)?,
        reason: row.reason,
        changed: row.changed.map(Timestamp),
        changed_by: row.changed_by.map(|word| from_word("authority", word)).transpose()?,
        explanation: row.explanation,
        status_list: StatusListId(row.status_list),
        status_index: row.status_index.cast_unsigned(),
        successor: row.successor.map(AwardId),
        signed: row.signed,
    })
}

/// Sorted by id: oldest first.
fn read_all(rows: Vec<Row>) -> Result<Vec<Award>, Fault> {
    let mut awards = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    awards.sort_unstable_by_key(|award| award.id);
    Ok(awards)
}

async fn insert(conn: &mut Conn<'_>, award: &NewAward) -> Result<(Award, bool), Fault> {
    must_exist(conn, award.subject).await?;
    let written = write_award(conn, award).await?;
    let found = if written { by_id(conn, award.id).await? } else { by_key(conn, award).await? };
    Ok((found.ok_or(Fault::Stale)?, written))
}

async fn by_id(conn: &mut Conn<'_>, id: AwardId) -> Result<Option<Award>, Fault> {
    one!(conn, Row, select!("FROM award a WHERE a.id = $1"), id.0)?.map(read).transpose()
}

/// The award that has the key of this one already.
async fn by_key(conn: &mut Conn<'_>, award: &NewAward) -> Result<Option<Award>, Fault> {
    let row = if let Some(rule) = award.rule {
        let sql = select!("FROM award a WHERE a.subject = $1 AND a.rule = $2 AND a.key = $3");
        one!(conn, Row, sql, award.subject.0, rule.0, award.key.as_str())?
    } else {
        let sql = select!("FROM award a WHERE a.organisation = $1 AND a.key = $2 AND a.rule IS NULL");
        one!(conn, Row, sql, award.organisation.0, award.key.as_str())?
    };
    row.map(read).transpose()
}

#[derive(sqlx::FromRow)]
struct UnsignedRow {
    award: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    suite: String,
    key: Uuid,
    verification_method: String,
    created: i64,
    status_list: Uuid,
    status_index: i32,
    document: Vec<u8>,
}

fn read_unsigned(row: UnsignedRow) -> Result<UnsignedAward, Fault> {
    Ok(UnsignedAward {
        id: AwardId(row.award),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        document: UnsignedDocument {
            bytes: row.document,
            suite: from_word("suite", row.suite)?,
            key: KeyId(row.key),
            verification_method: row.verification_method,
            created: Timestamp(row.created),
            status_list: StatusListId(row.status_list),
            status_index: row.status_index.cast_unsigned(),
        },
    })
}

#[async_trait]
impl AwardStore for Database {
    async fn insert_award(&self, award: &NewAward) -> Result<(Award, bool), StoreError> {
        Ok(self.write(award.clone(), |award, conn| Box::pin(insert(conn, award))).await?)
    }

    async fn change_standings(&self, changes: &[StandingChange]) -> Result<usize, StoreError> {
        let changed = self.write(changes.to_vec(), |changes, conn| Box::pin(change_standings(conn, changes))).await?;
        Ok(changed.made)
    }

    async fn award(&self, id: AwardId) -> Result<Option<Award>, StoreError> {
        Ok(by_id(&mut self.reader().await?.conn(), id).await?)
    }

    async fn award_by_public_id(&self, id: PublicId) -> Result<Option<Award>, StoreError> {
        let sql = select!("FROM award a WHERE a.public_id = $1");
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn awards(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Award>, StoreError> {
        let sql = select!("FROM award a WHERE a.organisation = $1 AND a.id > $2 ORDER BY a.id LIMIT $3");
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |award| award.id.0)?)
    }

    async fn awards_of(&self, subjects: &[SubjectId]) -> Result<Vec<Award>, StoreError> {
        let sql = select!("FROM award a WHERE a.subject IN ({rows})");
        let mut reader = self.reader().await?;
        let rows = Rows::of(subjects).uuid(|subject| subject.0).all(&mut reader.conn(), sql).await?;
        Ok(read_all(rows)?)
    }

    async fn awards_by_rule(&self, rule: RuleId, subjects: &[SubjectId]) -> Result<Vec<Award>, StoreError> {
        let sql = select!("FROM award a WHERE (a.subject, a.rule) IN ({rows})");
        let mut reader = self.reader().await?;
        let rows = Rows::of(subjects).uuid(|subject| subject.0).uuid(|_| rule.0).all(&mut reader.conn(), sql).await?;
        Ok(read_all(rows)?)
    }

    async fn unsigned_awards(&self, partitions: Partitions, max: usize) -> Result<Vec<UnsignedAward>, StoreError> {
        let sql = "SELECT award, public_id, organisation, suite, key, verification_method, created, status_list, status_index,
                document
            FROM unsigned_document WHERE (CAST($1 AS BIGINT) >> partition) & 1 = 1 ORDER BY award LIMIT $2";
        let limit = i64::try_from(max).unwrap_or(i64::MAX);
        let rows = all!(&mut self.reader().await?.conn(), UnsignedRow, sql, partitions.bits(), limit)?;
        Ok(rows.into_iter().map(read_unsigned).collect::<Result<_, _>>()?)
    }

    async fn count_unsigned(&self) -> Result<u64, StoreError> {
        let row = one!(&mut self.reader().await?.conn(), (i64,), "SELECT COUNT(*) FROM unsigned_document")?;
        Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }
}
