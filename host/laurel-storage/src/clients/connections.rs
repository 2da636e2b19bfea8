//! What earners let clients do.

use uuid::Uuid;

use laurel_core::clients::{Client, Connection};
use laurel_core::id::{ConnectionId, PublicId, SubjectId};
use laurel_core::time::Timestamp;

use crate::engine::{Conn, Fault, Named, Rows, one, run};
use crate::stored::{fixed, from_json, json};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    client: Uuid,
    subject: Uuid,
    scopes: String,
    code: Vec<u8>,
    code_expires: i64,
    redirect_uri: String,
    challenge: String,
    created: i64,
    redeemed: Option<i64>,
    revoked: Option<i64>,
}

/// A connection and whose it is.
#[derive(sqlx::FromRow)]
struct WithClient {
    #[sqlx(flatten)]
    connection: Row,
    client_digest: Vec<u8>,
    client_metadata: String,
    client_created: i64,
}

/// Every column of a connection; where it comes from and which ones is to follow.
macro_rules! select {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT c.id AS id, c.client AS client, c.subject AS subject, c.scopes AS scopes, c.code AS code, ",
            "c.code_expires AS code_expires, c.redirect_uri AS redirect_uri, c.challenge AS challenge, ",
            "c.created AS created, c.redeemed AS redeemed, c.revoked AS revoked",
            $more,
            " FROM connection c ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<Connection, Fault> {
    Ok(Connection {
        id: ConnectionId(row.id),
        client: PublicId(row.client),
        subject: SubjectId(row.subject),
        scopes: from_json("scopes", &row.scopes)?,
        code: fixed("code", &row.code)?,
        code_expires: Timestamp(row.code_expires),
        redirect_uri: row.redirect_uri,
        challenge: row.challenge,
        created: Timestamp(row.created),
        redeemed: row.redeemed.map(Timestamp),
        revoked: row.revoked.map(Timestamp),
    })
}

fn read_with_client(row: WithClient) -> Result<(Connection, Client), Fault> {
    let connection = read(row.connection)?;
    let client = Client {
        id: connection.client,
        digest: fixed("client", &row.client_digest)?,
        metadata: from_json("client", &row.client_metadata)?,
        created: Timestamp(row.client_created),
    };
    Ok((connection, client))
}

pub(super) async fn insert(conn: &mut Conn<'_>, connection: &Connection) -> Result<(), Fault> {
    run!(conn, "UPDATE client SET connected = TRUE WHERE id = $1 AND NOT connected", connection.client.0)?;
    let sql = "INSERT INTO connection
            (id, client, subject, scopes, code, code_expires, redirect_uri, challenge, created, redeemed, revoked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    run!(
        conn,
        sql,
        connection.id.0,
        connection.client.0,
        connection.subject.0,
        json(&connection.scopes)?,
        connection.code.as_slice(),
        connection.code_expires.0,
        connection.redirect_uri.as_str(),
        connection.challenge.as_str(),
        connection.created.0,
        connection.redeemed.map(|at| at.0),
        connection.revoked.map(|at| at.0),
    )
    .taken("code")
    .missing("client")?;
    Ok(())
}

pub(super) async fn by_id(conn: &mut Conn<'_>, id: ConnectionId) -> Result<Option<Connection>, Fault> {
    one!(conn, Row, select!("", "WHERE c.id = $1"), id.0)?.map(read).transpose()
}

pub(super) async fn by_code(conn: &mut Conn<'_>, code: &[u8; 32]) -> Result<Option<Connection>, Fault> {
    one!(conn, Row, select!("", "WHERE c.code = $1"), code.as_slice())?.map(read).transpose()
}

pub(super) async fn of(
    conn: &mut Conn<'_>,
    subjects: &[SubjectId],
    now: Timestamp,
) -> Result<Vec<(Connection, Client)>, Fault> {
    let sql = concat!(
        "WITH v (subject, now) AS ({rows}) ",
        select!(
            ", k.digest AS client_digest, k.metadata AS client_metadata, k.created AS client_created",
            "JOIN client k ON k.id = c.client JOIN v ON v.subject = c.subject
            WHERE c.revoked IS NULL AND EXISTS (
                SELECT 1 FROM client_token t WHERE t.connection = c.id AND t.spent IS NULL AND t.expires > v.now)"
        )
    );
    let rows: Vec<WithClient> = Rows::of(subjects).uuid(|subject| subject.0).big(|_| now.0).all(conn, sql).await?;
    let mut found = rows.into_iter().map(read_with_client).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable_by_key(|(connection, _)| connection.id);
    Ok(found)
}

pub(super) async fn revoke(conn: &mut Conn<'_>, id: ConnectionId, at: Timestamp) -> Result<bool, Fault> {
    Ok(run!(conn, "UPDATE connection SET revoked = $2 WHERE id = $1 AND revoked IS NULL", id.0, at.0)? == 1)
}

pub(super) async fn revoke_all(
    conn: &mut Conn<'_>,
    subjects: &[SubjectId],
    client: PublicId,
    at: Timestamp,
) -> Result<u64, Fault> {
    let sql = "UPDATE connection SET revoked = $3 WHERE subject = $1 AND client = $2 AND revoked IS NULL";
    let mut ended = 0;
    for subject in subjects {
        ended += run!(conn, sql, subject.0, client.0, at.0)?;
    }
    Ok(ended)
}
