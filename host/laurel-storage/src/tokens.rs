//! Tokens.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, TokenId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;
use laurel_core::tokens::{Token, TokenStore};

use crate::Database;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::paging;
use crate::stored::{from_json, json};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Option<Uuid>,
    name: String,
    scopes: String,
    assertions: Option<String>,
    created: i64,
    revoked: Option<i64>,
}

fn read(row: Row) -> Result<Token, Fault> {
    Ok(Token {
        id: TokenId(row.id),
        organisation: row.organisation.map(OrganisationId),
        name: row.name,
        scopes: from_json("scopes", &row.scopes)?,
        assertions: row.assertions.map(|text| from_json("assertions", &text)).transpose()?,
        created: Timestamp(row.created),
        revoked: row.revoked.map(Timestamp),
    })
}

async fn insert(conn: &mut Conn<'_>, token: &Token, digest: &[u8; 32]) -> Result<(), Fault> {
    let sql = "INSERT INTO token (id, digest, organisation, name, scopes, assertions, created, revoked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    run!(
        conn,
        sql,
        token.id.0,
        digest.as_slice(),
        token.organisation.map(|organisation| organisation.0),
        token.name.as_str(),
        json(&token.scopes)?,
        token.assertions.as_ref().map(json).transpose()?,
        token.created.0,
        token.revoked.map(|at| at.0),
    )
    .taken("token")
    .missing("organisation")?;
    Ok(())
}

async fn revoke(conn: &mut Conn<'_>, id: TokenId, at: Timestamp) -> Result<bool, Fault> {
    Ok(run!(conn, "UPDATE token SET revoked = $2 WHERE id = $1 AND revoked IS NULL", id.0, at.0)? == 1)
}

#[async_trait]
impl TokenStore for Database {
    async fn insert_token(&self, token: &Token, digest: [u8; 32]) -> Result<(), StoreError> {
        let work = (token.clone(), digest);
        Ok(self.write(work, |(token, digest), conn| Box::pin(insert(conn, token, digest))).await?)
    }

    async fn token_by_digest(&self, digest: [u8; 32]) -> Result<Option<Token>, StoreError> {
        let sql = "SELECT id, organisation, name, scopes, assertions, created, revoked FROM token WHERE digest = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, digest.as_slice())?;
        Ok(row.map(read).transpose()?)
    }

    async fn token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        let sql = "SELECT id, organisation, name, scopes, assertions, created, revoked FROM token WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn tokens(&self, organisation: Option<OrganisationId>, page: PageRequest) -> Result<Page<Token>, StoreError> {
        let (after, limit) = (paging::after(page), paging::limit(page));
        let mut reader = self.reader().await?;
        let rows = if let Some(organisation) = organisation {
            let sql = "SELECT id, organisation, name, scopes, assertions, created, revoked FROM token
                WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3";
            all!(&mut reader.conn(), Row, sql, organisation.0, after, limit)?
        } else {
            let sql = "SELECT id, organisation, name, scopes, assertions, created, revoked FROM token
                WHERE organisation IS NULL AND id > $1 ORDER BY id LIMIT $2";
            all!(&mut reader.conn(), Row, sql, after, limit)?
        };
        Ok(paging::page(page, rows, read, |token| token.id.0)?)
    }

    async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.write((id, at), |(id, at), conn| Box::pin(revoke(conn, *id, *at))).await?)
    }

    async fn has_tokens(&self) -> Result<bool, StoreError> {
        Ok(one!(&mut self.reader().await?.conn(), (i32,), "SELECT 1 FROM token LIMIT 1")?.is_some())
    }
}
