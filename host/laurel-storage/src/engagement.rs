//! Engagement badges and points, outside the pipeline's commit.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::engagement::{Engagement, EngagementStore, NewEngagement, PointsEntry};
use laurel_core::id::{AchievementId, EngagementId, OrganisationId, RuleId, SubjectId, VersionId};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Rows, one};
use crate::events::write_engagement;
use crate::stored::from_word;
use crate::subjects::must_exist;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    subject: Uuid,
    achievement: Uuid,
    version: Uuid,
    rule: Option<Uuid>,
    key: String,
    awarded: i64,
    standing: String,
    changed_by: Option<String>,
    explanation: String,
}

/// Every column of an engagement badge; which ones is to follow.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organisation, subject, achievement, version, rule, key, awarded, standing, changed_by, ",
            "explanation ",
            "FROM engagement WHERE ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<Engagement, Fault> {
    Ok(Engagement {
        id: EngagementId(row.id),
        organisation: OrganisationId(row.organisation),
        subject: SubjectId(row.subject),
        achievement: AchievementId(row.achievement),
        version: VersionId(row.version),
        rule: row.rule.map(RuleId),
        key: row.key,
        awarded: Timestamp(row.awarded),
        standing: from_word("standing", row.standing)?,
        changed_by: row.changed_by.map(|word| from_word("authority", word)).transpose()?,
        explanation: row.explanation,
    })
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Engagement>, Fault> {
    let mut badges = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    badges.sort_unstable_by_key(|badge| badge.id);
    Ok(badges)
}

async fn insert(conn: &mut Conn<'_>, badge: &NewEngagement) -> Result<(Engagement, bool), Fault> {
    must_exist(conn, badge.subject).await?;
    let written = write_engagement(conn, badge).await?;
    let row = match (written, badge.rule) {
        (true, _) => one!(conn, Row, select!("id = $1"), badge.id.0)?,
        (false, Some(rule)) => {
            let sql = select!("subject = $1 AND rule = $2 AND key = $3");
            one!(conn, Row, sql, badge.subject.0, rule.0, badge.key.as_str())?
        }
        (false, None) => {
            let sql = select!("organisation = $1 AND key = $2 AND rule IS NULL");
            one!(conn, Row, sql, badge.organisation.0, badge.key.as_str())?
        }
    };
    Ok((read(row.ok_or(Fault::Stale)?)?, written))
}

#[derive(sqlx::FromRow)]
struct PointsRow {
    rule: Uuid,
    key: String,
    amount: i64,
    reason: String,
    given: i64,
}

#[async_trait]
impl EngagementStore for Database {
    async fn insert_engagement(&self, badge: &NewEngagement) -> Result<(Engagement, bool), StoreError> {
        Ok(self.write(badge.clone(), |badge, conn| Box::pin(insert(conn, badge))).await?)
    }

    async fn engagement(&self, id: EngagementId) -> Result<Option<Engagement>, StoreError> {
        let row = one!(&mut self.reader().await?.conn(), Row, select!("id = $1"), id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn engagement_of(&self, subjects: &[SubjectId]) -> Result<Vec<Engagement>, StoreError> {
        let mut reader = self.reader().await?;
        let sql = select!("subject IN ({rows})");
        let rows = Rows::of(subjects).uuid(|subject| subject.0).all(&mut reader.conn(), sql).await?;
        Ok(read_all(rows)?)
    }

    async fn engagement_by_rule(&self, rule: RuleId, subjects: &[SubjectId]) -> Result<Vec<Engagement>, StoreError> {
        let mut reader = self.reader().await?;
        let sql = select!("(subject, rule) IN ({rows})");
        let rows = Rows::of(subjects).uuid(|subject| subject.0).uuid(|_| rule.0).all(&mut reader.conn(), sql).await?;
        Ok(read_all(rows)?)
    }

    async fn points_of(&self, subjects: &[SubjectId], max: u32) -> Result<Vec<PointsEntry>, StoreError> {
        let mut reader = self.reader().await?;
        let sql = "SELECT rule, key, amount, reason, given FROM points WHERE subject IN ({rows})";
        let mut rows: Vec<PointsRow> =
            Rows::of(subjects).uuid(|subject| subject.0).all(&mut reader.conn(), sql).await?;
        rows.sort_unstable_by(|a, b| (b.given, &b.key).cmp(&(a.given, &a.key)));
        rows.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        let entry = |row: PointsRow| PointsEntry {
            rule: RuleId(row.rule),
            key: row.key,
            amount: row.amount,
            reason: row.reason,
            at: Timestamp(row.given),
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    async fn points_total(&self, subjects: &[SubjectId]) -> Result<i64, StoreError> {
        let mut reader = self.reader().await?;
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM points WHERE subject IN ({rows})";
        let sums: Vec<(i64,)> = Rows::of(subjects).uuid(|subject| subject.0).all(&mut reader.conn(), sql).await?;
        Ok(sums.into_iter().map(|(sum,)| sum).sum())
    }
}
