//! Rows of the outbox, written with what they tell of.

use std::collections::HashMap;
use uuid::Uuid;

use laurel_core::outbox::OutboxRow;
use laurel_core::store::StoreError;

use crate::engine::{Conn, Fault, Rows};

/// Writes rows, and that the log does not carry them yet.
pub(super) async fn write(conn: &mut Conn<'_>, rows: &[OutboxRow]) -> Result<(), Fault> {
    let partitions = partitions(conn, rows).await?;
    let numbers = insert(conn, rows).await?;
    let by_id: HashMap<Uuid, i64> = numbers.into_iter().collect();
    let waiting = rows
        .iter()
        .map(|row| match (by_id.get(&row.id.0), partitions.get(&row.subject.0)) {
            (Some(number), Some(partition)) => Ok((*number, *partition)),
            _ => Err(Fault::Store(StoreError::Missing("subject"))),
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let sql = "INSERT INTO unrelayed (n, partition) {rows}";
    Rows::of(&waiting).big(|(number, _)| *number).int(|(_, partition)| *partition).run(conn, sql).await?;
    Ok(())
}

/// Where the subjects' events are.
pub(super) async fn partitions(conn: &mut Conn<'_>, rows: &[OutboxRow]) -> Result<HashMap<Uuid, i32>, Fault> {
    let sql = "SELECT id, partition FROM subject WHERE id IN ({rows})";
    let found: Vec<(Uuid, i32)> = Rows::of(rows).uuid(|row| row.subject.0).all(conn, sql).await?;
    Ok(found.into_iter().collect())
}

async fn insert(conn: &mut Conn<'_>, rows: &[OutboxRow]) -> Result<Vec<(Uuid, i64)>, Fault> {
    let sql =
        "INSERT INTO outbox (id, organisation, kind, subject, achievement, version, credential, key, reason, depth,
        created) {rows} RETURNING id, n";
    Rows::of(rows)
        .uuid(|row| row.id.0)
        .uuid(|row| row.organisation.0)
        .text(|row| row.kind.as_str())
        .uuid(|row| row.subject.0)
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
