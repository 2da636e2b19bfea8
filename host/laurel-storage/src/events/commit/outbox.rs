//! Rows of the outbox, written with what they tell of.

use uuid::Uuid;

use laurel_core::id::{Partition, SubjectId};
use laurel_core::outbox::OutboxRow;

use crate::engine::{Conn, Fault, Rows};

/// Writes rows, and that the log does not carry them yet.
pub(super) async fn write(conn: &mut Conn<'_>, rows: &[OutboxRow]) -> Result<(), Fault> {
    let numbers = insert(conn, rows).await?;
    let sql = "INSERT INTO unrelayed (n, partition) {rows}";
    Rows::of(&numbers)
        .big(|(number, _)| *number)
        .int(|(_, subject)| Partition::of(SubjectId(*subject)).0)
        .run(conn, sql)
        .await?;
    Ok(())
}

async fn insert(conn: &mut Conn<'_>, rows: &[OutboxRow]) -> Result<Vec<(i64, Uuid)>, Fault> {
    let sql =
        "INSERT INTO outbox (id, organisation, kind, subject, award, achievement, version, credential, key, reason, depth,
        created) {rows} RETURNING n, subject";
    Rows::of(rows)
        .uuid(|row| row.id.0)
        .uuid(|row| row.organisation.0)
        .text(|row| row.kind.as_str())
        .uuid(|row| row.subject.0)
        .uuid(|row| row.award)
        .uuid(|row| row.achievement.0)
        .uuid(|row| row.version.0)
        .maybe_uuid(|row| row.credential.map(|credential| credential.0))
        .text(|row| row.key.as_str())
        .maybe_text(|row| row.reason.as_deref())
        .int(|row| i32::from(row.depth))
        .big(|row| row.created.0)
        .all(conn, sql)
        .await
}
