//! Signed credentials and signing keys.

use async_trait::async_trait;
use std::collections::HashSet;
use uuid::Uuid;

use laurel_core::credentials::{Credential, CredentialStore, Key, KeyState};
use laurel_core::id::{KeyId, OrganisationId, PublicId};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, Rows, all, one, run};
use crate::rules;
use crate::stored::{from_word, word};

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: Uuid,
    organisation: Uuid,
    public: String,
    sealed: Vec<u8>,
    state: String,
    created: i64,
}

fn read(row: KeyRow) -> Result<Key, Fault> {
    Ok(Key {
        id: KeyId(row.id),
        organisation: OrganisationId(row.organisation),
        public: row.public,
        sealed: row.sealed,
        state: from_word("key", row.state)?,
        created: Timestamp(row.created),
    })
}

/// What waits for a signature is taken away before its credential is written: of two who have signed an award, only one finds it waiting.
async fn insert(conn: &mut Conn<'_>, credentials: &[Credential]) -> Result<(), Fault> {
    let sql = "DELETE FROM unsigned_document WHERE award IN ({rows}) RETURNING award";
    let awards = Rows::of(credentials).uuid(|credential| credential.award.0);
    let waited: HashSet<Uuid> = awards.all::<(Uuid,)>(conn, sql).await?.into_iter().map(|(award,)| award).collect();
    let new: Vec<_> = credentials.iter().filter(|credential| waited.contains(&credential.award.0)).collect();
    let sql = "INSERT INTO credential (award, document) {rows}";
    Rows::of(&new)
        .uuid(|credential| credential.award.0)
        .bytes(|credential| credential.document.as_slice())
        .run(conn, sql)
        .await?;
    Ok(())
}

pub(crate) async fn insert_key(conn: &mut Conn<'_>, key: &Key) -> Result<(), Fault> {
    if key.state == KeyState::Active {
        retire(conn, key.organisation.0).await?;
    }
    let sql =
        "INSERT INTO signing_key (id, organisation, public, sealed, state, created) VALUES ($1, $2, $3, $4, $5, $6)";
    let state = word(&key.state);
    run!(conn, sql, key.id.0, key.organisation.0, key.public.as_str(), key.sealed.as_slice(), state, key.created.0)
        .taken("key")
        .missing("organisation")?;
    rules::bump(conn).await
}

async fn set_key_state(conn: &mut Conn<'_>, id: KeyId, state: KeyState) -> Result<bool, Fault> {
    let Some((organisation,)) = one!(conn, (Uuid,), "SELECT organisation FROM signing_key WHERE id = $1", id.0)? else {
        return Ok(false);
    };
    if state == KeyState::Active {
        retire(conn, organisation).await?;
    }
    run!(conn, "UPDATE signing_key SET state = $2 WHERE id = $1", id.0, word(&state)).taken("key")?;
    rules::bump(conn).await?;
    Ok(true)
}

/// One key of an organisation is active: the one before is retiring, and the one before that is retired.
async fn retire(conn: &mut Conn<'_>, organisation: Uuid) -> Result<(), Fault> {
    let sql = "UPDATE signing_key SET state = CASE state WHEN 'active' THEN 'retiring' ELSE 'retired' END
        WHERE organisation = $1 AND state IN ('active', 'retiring')";
    run!(conn, sql, organisation)?;
    Ok(())
}

async fn reassign(conn: &mut Conn<'_>, from: KeyId, to: KeyId, method: &str) -> Result<u64, Fault> {
    let sql = "UPDATE unsigned_document SET key = $2, verification_method = $3 WHERE key = $1";
    run!(conn, sql, from.0, to.0, method)
}

#[async_trait]
impl CredentialStore for Database {
    async fn insert_credentials(&self, credentials: &[Credential]) -> Result<(), StoreError> {
        Ok(self.write(credentials.to_vec(), |credentials, conn| Box::pin(insert(conn, credentials))).await?)
    }

    async fn credential(&self, id: PublicId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT c.document FROM award a JOIN credential c ON c.award = a.id WHERE a.public_id = $1
            UNION ALL SELECT document FROM issued_credential WHERE public_id = $1";
        let row = one!(&mut self.reader().await?.conn(), (Vec<u8>,), sql, id.0)?;
        Ok(row.map(|(document,)| document))
    }

    async fn insert_key(&self, key: &Key) -> Result<(), StoreError> {
        Ok(self.write(key.clone(), |key, conn| Box::pin(insert_key(conn, key))).await?)
    }

    async fn key(&self, id: KeyId) -> Result<Option<Key>, StoreError> {
        let sql = "SELECT id, organisation, public, sealed, state, created FROM signing_key WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), KeyRow, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn active_key(&self, organisation: OrganisationId) -> Result<Option<Key>, StoreError> {
        let sql = "SELECT id, organisation, public, sealed, state, created FROM signing_key
            WHERE organisation = $1 AND state = 'active'";
        let row = one!(&mut self.reader().await?.conn(), KeyRow, sql, organisation.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn keys(&self, organisation: OrganisationId) -> Result<Vec<Key>, StoreError> {
        let sql = "SELECT id, organisation, public, sealed, state, created FROM signing_key
            WHERE organisation = $1 ORDER BY id";
        let rows = all!(&mut self.reader().await?.conn(), KeyRow, sql, organisation.0)?;
        Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    async fn compromised_keys(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT public FROM signing_key WHERE state = 'compromised' ORDER BY id";
        let rows = all!(&mut self.reader().await?.conn(), (String,), sql)?;
        Ok(rows.into_iter().map(|(public,)| public).collect())
    }

    async fn reassign_unsigned(&self, from: KeyId, to: KeyId, verification_method: &str) -> Result<u64, StoreError> {
        let work = (from, to, verification_method.to_owned());
        Ok(self.write(work, |(from, to, method), conn| Box::pin(reassign(conn, *from, *to, method))).await?)
    }

    async fn set_key_state(&self, id: KeyId, state: KeyState) -> Result<bool, StoreError> {
        Ok(self.write((id, state), |(id, state), conn| Box::pin(set_key_state(conn, *id, *state))).await?)
    }
}
