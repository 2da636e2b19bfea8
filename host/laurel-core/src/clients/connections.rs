//! What an earner has connected, and how a connection ends: by the earner, or by the client itself (RFC 7009).

use super::{Client, ClientScope, OauthError, RefusalCode, TokenKind};
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::subjects::Subject;
use crate::time::Timestamp;
use crate::tokens::digest;

/// A client that an earner has connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// Which.
    pub client: Client,
    /// What it may do, over all its connections.
    pub scopes: Vec<ClientScope>,
    /// Since when.
    pub since: Timestamp,
}

/// The clients that can do something with an earner's badges at the moment, each once.
pub async fn connected(house: &House, earner: &Subject) -> Result<Vec<Connected>, Error> {
    let family = house.store.subject_family(earner.id).await?;
    let mut clients: Vec<Connected> = Vec::new();
    for (connection, client) in house.store.connections_of(&family, house.clock.now()).await? {
        match clients.iter_mut().find(|known| known.client.id == client.id) {
            Some(known) => {
                let more = connection.scopes.into_iter().filter(|scope| !known.scopes.contains(scope));
                known.scopes = known.scopes.iter().copied().chain(more.collect::<Vec<_>>()).collect();
            }
            None => clients.push(Connected { client, scopes: connection.scopes, since: connection.created }),
        }
    }
    Ok(clients)
}

/// Ends every connection of an earner with a client.
pub async fn disconnect(house: &House, earner: &Subject, client: PublicId) -> Result<(), Error> {
    let family = house.store.subject_family(earner.id).await?;
    house.store.revoke_connections(&family, client, house.clock.now()).await?;
    Ok(())
}

/// A client gives a token back. A refresh token takes its connection with it. One that nobody knows is given back already.
///
/// # Errors
/// `invalid_grant` for the token of another client, which stays as it is.
pub async fn revoke(house: &House, client: &Client, token: &str) -> Result<(), OauthError> {
    let digest = digest(token);
    let Some(token) = house.store.client_token(digest).await? else { return Ok(()) };
    let connection = house.store.connection(token.connection).await?;
    if connection.is_none_or(|connection| connection.client != client.id) {
        return Err(OauthError::refused(RefusalCode::InvalidGrant, "this token is not one of yours"));
    }
    match token.kind {
        TokenKind::Access => house.store.delete_client_token(digest).await?,
        TokenKind::Refresh => house.store.revoke_connection(token.connection, house.clock.now()).await?,
    };
    Ok(())
}
