//! Answers by `Idempotency-Key`.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::OrganisationId;
use laurel_core::idempotency::{IdempotencyStore, Remembered};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, one, run};

/// A reservation whose worker has not answered after so long is free again.
const RESERVED: i64 = 60_000;
/// Answers are kept for a day and swept some time later.
const KEPT: i64 = 24 * 60 * 60 * 1000;

/// A request that asks for its key.
struct Asked {
    scope: Uuid,
    key: String,
    digest: [u8; 32],
    now: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    digest: Vec<u8>,
    since: i64,
    status: Option<i32>,
    body: Option<Vec<u8>>,
}

async fn begin(conn: &mut Conn<'_>, asked: &Asked) -> Result<Remembered, Fault> {
    // One request in 256 sweeps: often enough, and none pays for it noticeably.
    if asked.digest[0] == 0 {
        run!(conn, "DELETE FROM request WHERE since < $1", asked.now.0 - KEPT)?;
    }
    let sql =
        "INSERT INTO request (scope, key, digest, since) VALUES ($1, $2, $3, $4) ON CONFLICT (scope, key) DO NOTHING";
    let digest = asked.digest.as_slice();
    if run!(conn, sql, asked.scope, asked.key.as_str(), digest, asked.now.0)? == 1 {
        return Ok(Remembered::Fresh);
    }
    let sql = "SELECT digest, since, status, body FROM request WHERE scope = $1 AND key = $2 FOR UPDATE";
    let Some(row) = one!(conn, Row, conn.locking(sql), asked.scope, asked.key.as_str())? else {
        return Err(Fault::Stale);
    };
    let expired = row.since < asked.now.0 - if row.status.is_some() { KEPT } else { RESERVED };
    if expired {
        let sql =
            "UPDATE request SET digest = $3, since = $4, status = NULL, body = NULL WHERE scope = $1 AND key = $2";
        run!(conn, sql, asked.scope, asked.key.as_str(), digest, asked.now.0)?;
        return Ok(Remembered::Fresh);
    }
    Ok(match row {
        row if row.digest != digest => Remembered::OtherRequest,
        Row { status: Some(status), body, .. } => {
            Remembered::Answered { status: u16::try_from(status).unwrap_or(500), body: body.unwrap_or_default() }
        }
        _ => Remembered::InProgress,
    })
}

async fn finish(conn: &mut Conn<'_>, scope: Uuid, key: &str, status: u16, body: &[u8]) -> Result<(), Fault> {
    let sql = "UPDATE request SET status = $3, body = $4 WHERE scope = $1 AND key = $2";
    run!(conn, sql, scope, key, i32::from(status), body)?;
    Ok(())
}

async fn release(conn: &mut Conn<'_>, scope: Uuid, key: &str) -> Result<(), Fault> {
    run!(conn, "DELETE FROM request WHERE scope = $1 AND key = $2 AND status IS NULL", scope, key)?;
    Ok(())
}

fn scope(organisation: Option<OrganisationId>) -> Uuid {
    organisation.map_or(Uuid::nil(), |organisation| organisation.0)
}

#[async_trait]
impl IdempotencyStore for Database {
    async fn begin_request(
        &self,
        organisation: Option<OrganisationId>,
        key: &str,
        request: [u8; 32],
        now: Timestamp,
    ) -> Result<Remembered, StoreError> {
        let asked = Asked { scope: scope(organisation), key: key.to_owned(), digest: request, now };
        Ok(self.write(asked, |asked, conn| Box::pin(begin(conn, asked))).await?)
    }

    async fn finish_request(
        &self,
        organisation: Option<OrganisationId>,
        key: &str,
        status: u16,
        body: &[u8],
    ) -> Result<(), StoreError> {
        let work = (scope(organisation), key.to_owned(), status, body.to_vec());
        Ok(self
            .write(work, |(scope, key, status, body), conn| Box::pin(finish(conn, *scope, key, *status, body)))
            .await?)
    }

    async fn release_request(&self, organisation: Option<OrganisationId>, key: &str) -> Result<(), StoreError> {
        let work = (scope(organisation), key.to_owned());
        Ok(self.write(work, |(scope, key), conn| Box::pin(release(conn, *scope, key))).await?)
    }
}
