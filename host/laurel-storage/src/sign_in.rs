//! Sign-in links and sessions.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::SubjectId;
use laurel_core::sign_in::{Pass, SignInStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    subject: Uuid,
    expires: i64,
}

impl From<Row> for Pass {
    fn from(row: Row) -> Self {
        Self { subject: SubjectId(row.subject), expires: Timestamp(row.expires) }
    }
}

/// A link that is to be used up.
struct Redeeming {
    link: [u8; 32],
    session: [u8; 32],
    now: Timestamp,
    expires: Timestamp,
}

async fn insert_link(conn: &mut Conn<'_>, digest: &[u8; 32], link: Pass, now: Timestamp) -> Result<(), Fault> {
    run!(conn, "DELETE FROM sign_in_link WHERE expires <= $1", now.0)?;
    run!(conn, "DELETE FROM earner_session WHERE expires <= $1", now.0)?;
    let sql = "INSERT INTO sign_in_link (digest, subject, expires) VALUES ($1, $2, $3)";
    run!(conn, sql, digest.as_slice(), link.subject.0, link.expires.0).taken("sign-in link")?;
    Ok(())
}

async fn redeem(conn: &mut Conn<'_>, redeeming: &Redeeming) -> Result<Option<Pass>, Fault> {
    let sql = "DELETE FROM sign_in_link WHERE digest = $1 AND expires > $2 RETURNING subject";
    let Some((subject,)) = one!(conn, (Uuid,), sql, redeeming.link.as_slice(), redeeming.now.0)? else {
        return Ok(None);
    };
    let sql = "INSERT INTO earner_session (digest, subject, expires) VALUES ($1, $2, $3)";
    run!(conn, sql, redeeming.session.as_slice(), subject, redeeming.expires.0).taken("session")?;
    Ok(Some(Pass { subject: SubjectId(subject), expires: redeeming.expires }))
}

async fn end(conn: &mut Conn<'_>, digest: &[u8; 32]) -> Result<bool, Fault> {
    Ok(run!(conn, "DELETE FROM earner_session WHERE digest = $1", digest.as_slice())? == 1)
}

#[async_trait]
impl SignInStore for Database {
    async fn insert_sign_in_link(&self, digest: [u8; 32], link: Pass, now: Timestamp) -> Result<(), StoreError> {
        let work = (digest, link, now);
        Ok(self.write(work, |(digest, link, now), conn| Box::pin(insert_link(conn, digest, *link, *now))).await?)
    }

    async fn sign_in_link(&self, digest: [u8; 32]) -> Result<Option<Pass>, StoreError> {
        let sql = "SELECT subject, expires FROM sign_in_link WHERE digest = $1";
        Ok(one!(&mut self.reader().await?.conn(), Row, sql, digest.as_slice())?.map(Pass::from))
    }

    async fn redeem_sign_in_link(
        &self,
        link: [u8; 32],
        session: [u8; 32],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Option<Pass>, StoreError> {
        let redeeming = Redeeming { link, session, now, expires };
        Ok(self.write(redeeming, |redeeming, conn| Box::pin(redeem(conn, redeeming))).await?)
    }

    async fn session(&self, digest: [u8; 32]) -> Result<Option<Pass>, StoreError> {
        let sql = "SELECT subject, expires FROM earner_session WHERE digest = $1";
        Ok(one!(&mut self.reader().await?.conn(), Row, sql, digest.as_slice())?.map(Pass::from))
    }

    async fn end_session(&self, digest: [u8; 32]) -> Result<bool, StoreError> {
        Ok(self.write(digest, |digest, conn| Box::pin(end(conn, digest))).await?)
    }
}
