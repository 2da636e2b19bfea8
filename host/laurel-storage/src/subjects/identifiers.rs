use uuid::Uuid;

use laurel_core::id::{Partition, SubjectId};
use laurel_core::store::StoreError;
use laurel_core::subjects::{Identifier, KnownIdentifier, Linked, Subject};
use laurel_core::time::Timestamp;

use super::by_id;
use crate::engine::{Conn, Fault, Named, Ports, Rows, all, one, run};
use crate::events::{bump_generations, identifier_key, lock_heads};
use crate::proposals;
use crate::stored::{from_json, json};

/// Writes the verified identifiers of a new subject.
pub(super) async fn insert(conn: &mut Conn<'_>, subject: &Subject, known: &[Identifier]) -> Result<(), Fault> {
    let mut rows = known
        .iter()
        .map(|identifier| Ok((identifier_key(subject.organisation, identifier), json(identifier)?)))
        .collect::<Result<Vec<(Uuid, String)>, Fault>>()?;
    rows.sort_unstable();
    rows.dedup();
    let sql = "WITH v (key, subject, identifier, since) AS ({rows})
        INSERT INTO identifier (key, subject, identifier, verified, since)
        SELECT key, subject, identifier, TRUE, since FROM v";
    Rows::of(&rows)
        .uuid(|(key, _)| *key)
        .uuid(|_| subject.id.0)
        .text(|(_, identifier)| identifier.as_str())
        .big(|_| subject.created.0)
        .run(conn, sql)
        .await
        .taken("identifier")?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    identifier: String,
    verified: bool,
    since: i64,
}

/// What leads to a subject, in a stable order.
pub(super) async fn of(conn: &mut Conn<'_>, subject: SubjectId) -> Result<Vec<KnownIdentifier>, Fault> {
    let sql = "SELECT identifier, verified, since FROM identifier WHERE subject = $1";
    let rows = all!(conn, Row, sql, subject.0)?;
    let mut known = rows
        .into_iter()
        .map(|row| {
            let identifier: Identifier = from_json("identifier", &row.identifier)?;
            Ok(KnownIdentifier { identifier, verified: row.verified, since: Timestamp(row.since) })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    known.sort_unstable_by(|a, b| (a.since, &a.identifier).cmp(&(b.since, &b.identifier)));
    Ok(known)
}

/// Lets an identifier lead to a subject, unless it leads elsewhere. A claim that leads there already is verified by it.
pub(super) async fn link(
    conn: &mut Conn<'_>,
    ports: &Ports,
    subject: SubjectId,
    identifier: &Identifier,
    now: Timestamp,
) -> Result<Linked, Fault> {
    let Some(mut target) = by_id(conn, subject).await? else { return Err(StoreError::Missing("subject").into()) };
    while let Some(into) = target.merged_into {
        target = by_id(conn, into).await?.ok_or(StoreError::Missing("subject"))?;
    }
    // Under the head's lock no merge can move the subject away, and no append can claim the identifier for it.
    lock_heads(conn, ports, &[Partition::of(target.id)]).await?;
    if by_id(conn, target.id).await?.is_none_or(|subject| subject.merged_into.is_some()) {
        return Err(Fault::Stale);
    }
    let key = identifier_key(target.organisation, identifier);
    let led = one!(conn, (Uuid,), "SELECT subject FROM identifier WHERE key = $1", key)?;
    match led {
        Some((other,)) if other != target.id.0 => return Ok(Linked::Elsewhere(SubjectId(other))),
        Some(_) => {
            run!(conn, "UPDATE identifier SET verified = TRUE WHERE key = $1", key)?;
            known_for_sure(conn, target.id).await?;
            return Ok(Linked::Before);
        }
        None => {}
    }
    let sql = "INSERT INTO identifier (key, subject, identifier, verified, since) VALUES ($1, $2, $3, TRUE, $4)
        ON CONFLICT (key) DO NOTHING";
    if run!(conn, sql, key, target.id.0, json(identifier)?, now.0)? == 0 {
        // An append was faster: look again where it led.
        return Err(Fault::Stale);
    }
    bump_generations(conn, &[Partition::of(target.id)]).await?;
    known_for_sure(conn, target.id).await?;
    Ok(Linked::Now)
}

/// An identifier of a subject was verified.
async fn known_for_sure(conn: &mut Conn<'_>, subject: SubjectId) -> Result<(), Fault> {
    answered_for(conn, subject).await?;
    proposals::settle(conn, subject).await
}

/// Somebody knows who this is.
pub(super) async fn answered_for(conn: &mut Conn<'_>, subject: SubjectId) -> Result<(), Fault> {
    run!(conn, "UPDATE subject SET provisional = FALSE WHERE id = $1 AND provisional", subject.0)?;
    Ok(())
}
