//! Clients' tokens, and how one becomes the next.

use uuid::Uuid;

use laurel_core::clients::{ClientToken, NewToken};
use laurel_core::id::ConnectionId;
use laurel_core::time::Timestamp;

use crate::engine::{Conn, Fault, Named, one, run};
use crate::stored::{from_json, from_word, json, word};

#[derive(sqlx::FromRow)]
struct Row {
    connection: Uuid,
    kind: String,
    scopes: String,
    expires: i64,
    spent: Option<i64>,
}

fn read(row: Row) -> Result<ClientToken, Fault> {
    Ok(ClientToken {
        connection: ConnectionId(row.connection),
        kind: from_word("token", row.kind)?,
        scopes: from_json("scopes", &row.scopes)?,
        expires: Timestamp(row.expires),
        spent: row.spent.map(Timestamp),
    })
}

async fn insert(conn: &mut Conn<'_>, new: &[NewToken]) -> Result<(), Fault> {
    let sql =
        "INSERT INTO client_token (digest, connection, kind, scopes, expires, spent) VALUES ($1, $2, $3, $4, $5, $6)";
    for (digest, token) in new {
        let spent = token.spent.map(|at| at.0);
        let (kind, scopes) = (word(&token.kind), json(&token.scopes)?);
        run!(conn, sql, digest.as_slice(), token.connection.0, kind, scopes, token.expires.0, spent)
            .taken("token")
            .missing("connection")?;
    }
    Ok(())
}

pub(super) async fn redeem_code(
    conn: &mut Conn<'_>,
    id: ConnectionId,
    new: &[NewToken],
    now: Timestamp,
) -> Result<bool, Fault> {
    let sql = "UPDATE connection SET redeemed = $2 WHERE id = $1 AND redeemed IS NULL AND revoked IS NULL";
    if run!(conn, sql, id.0, now.0)? == 0 {
        return Ok(false);
    }
    // One in 64 sweeps: often enough, and none pays for it noticeably.
    if new.first().is_some_and(|(digest, _)| digest[0] < 4) {
        sweep(conn, now).await?;
    }
    insert(conn, new).await?;
    Ok(true)
}

/// Tokens that have expired; then connections without any, whose code cannot give any more.
async fn sweep(conn: &mut Conn<'_>, now: Timestamp) -> Result<(), Fault> {
    run!(conn, "DELETE FROM client_token WHERE expires <= $1", now.0)?;
    let sql = "DELETE FROM connection WHERE code_expires <= $1
        AND NOT EXISTS (SELECT 1 FROM client_token t WHERE t.connection = connection.id)";
    run!(conn, sql, now.0)?;
    Ok(())
}

pub(super) async fn rotate(
    conn: &mut Conn<'_>,
    digest: &[u8; 32],
    new: &[NewToken],
    now: Timestamp,
) -> Result<bool, Fault> {
    let sql = "UPDATE client_token SET spent = $2 WHERE digest = $1 AND spent IS NULL";
    if run!(conn, sql, digest.as_slice(), now.0)? == 0 {
        return Ok(false);
    }
    insert(conn, new).await?;
    Ok(true)
}

pub(super) async fn by_digest(conn: &mut Conn<'_>, digest: &[u8; 32]) -> Result<Option<ClientToken>, Fault> {
    let sql = "SELECT connection, kind, scopes, expires, spent FROM client_token WHERE digest = $1";
    one!(conn, Row, sql, digest.as_slice())?.map(read).transpose()
}

pub(super) async fn delete(conn: &mut Conn<'_>, digest: &[u8; 32]) -> Result<bool, Fault> {
    Ok(run!(conn, "DELETE FROM client_token WHERE digest = $1", digest.as_slice())? == 1)
}
