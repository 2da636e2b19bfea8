//! Clients, their connections and their tokens.

mod connections;
mod tokens;

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::clients::{Client, ClientStore, ClientToken, Connection, NewToken};
use laurel_core::id::{ConnectionId, PublicId, SubjectId};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, one, run};
use crate::stored::{fixed, from_json, json};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    digest: Vec<u8>,
    metadata: String,
    created: i64,
}

fn read(row: Row) -> Result<Client, Fault> {
    Ok(Client {
        id: PublicId(row.id),
        digest: fixed("client", &row.digest)?,
        metadata: from_json("client", &row.metadata)?,
        created: Timestamp(row.created),
    })
}

async fn insert(conn: &mut Conn<'_>, client: &Client) -> Result<(), Fault> {
    let sql = "INSERT INTO client (id, digest, metadata, created, connected) VALUES ($1, $2, $3, $4, FALSE)";
    run!(conn, sql, client.id.0, client.digest.as_slice(), json(&client.metadata)?, client.created.0)
        .taken("client")?;
    // Beyond the newest 10,000 that nobody has connected.
    let sql = "DELETE FROM client WHERE id IN
        (SELECT id FROM client WHERE NOT connected ORDER BY created DESC, id LIMIT 100 OFFSET 10000)";
    run!(conn, sql)?;
    Ok(())
}

#[async_trait]
impl ClientStore for Database {
    async fn insert_client(&self, client: &Client) -> Result<(), StoreError> {
        Ok(self.write(client.clone(), |client, conn| Box::pin(insert(conn, client))).await?)
    }

    async fn client(&self, id: PublicId) -> Result<Option<Client>, StoreError> {
        let sql = "SELECT id, digest, metadata, created FROM client WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn insert_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        let work = connection.clone();
        Ok(self.write(work, |connection, conn| Box::pin(connections::insert(conn, connection))).await?)
    }

    async fn connection(&self, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        Ok(connections::by_id(&mut self.reader().await?.conn(), id).await?)
    }

    async fn connection_by_code(&self, code: [u8; 32]) -> Result<Option<Connection>, StoreError> {
        Ok(connections::by_code(&mut self.reader().await?.conn(), &code).await?)
    }

    async fn connections_of(
        &self,
        subjects: &[SubjectId],
        now: Timestamp,
    ) -> Result<Vec<(Connection, Client)>, StoreError> {
        Ok(connections::of(&mut self.reader().await?.conn(), subjects, now).await?)
    }

    async fn revoke_connection(&self, id: ConnectionId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.write((id, at), |(id, at), conn| Box::pin(connections::revoke(conn, *id, *at))).await?)
    }

    async fn revoke_connections(
        &self,
        subjects: &[SubjectId],
        client: PublicId,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let work = (subjects.to_vec(), client, at);
        Ok(self
            .write(work, |(subjects, client, at), conn| Box::pin(connections::revoke_all(conn, subjects, *client, *at)))
            .await?)
    }

    async fn redeem_code(&self, id: ConnectionId, new: &[NewToken], now: Timestamp) -> Result<bool, StoreError> {
        let work = (id, new.to_vec(), now);
        Ok(self.write(work, |(id, new, now), conn| Box::pin(tokens::redeem_code(conn, *id, new, *now))).await?)
    }

    async fn rotate_token(&self, digest: [u8; 32], new: &[NewToken], now: Timestamp) -> Result<bool, StoreError> {
        let work = (digest, new.to_vec(), now);
        Ok(self.write(work, |(digest, new, now), conn| Box::pin(tokens::rotate(conn, digest, new, *now))).await?)
    }

    async fn client_token(&self, digest: [u8; 32]) -> Result<Option<ClientToken>, StoreError> {
        Ok(tokens::by_digest(&mut self.reader().await?.conn(), &digest).await?)
    }

    async fn delete_client_token(&self, digest: [u8; 32]) -> Result<bool, StoreError> {
        Ok(self.write(digest, |digest, conn| Box::pin(tokens::delete(conn, digest))).await?)
    }
}
