//! What a client's access token allows, and with whose badges.

use super::{ClientScope, TokenKind};
use crate::error::Error;
use crate::house::House;
use crate::subjects::{self, Subject};
use crate::tokens::digest;

/// A client at work for an earner.
#[derive(Clone, Debug)]
pub struct Access {
    /// The earner: after a merge the subject that the other was merged into.
    pub earner: Subject,
    scopes: Vec<ClientScope>,
}

impl Access {
    /// Whether the token allows this.
    pub fn allows(&self, scope: ClientScope) -> Result<(), Error> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        Err(Error::Forbidden(format!("the scope {} is needed", scope.as_str())))
    }
}

/// The access that a secret gives.
///
/// # Errors
/// [`Error::Unauthorized`] for every secret that is no access token, or one that has ended.
pub async fn access(house: &House, secret: &str) -> Result<Access, Error> {
    let token = house.store.client_token(digest(secret)).await?;
    let works = token.filter(|token| token.kind == TokenKind::Access && token.expires > house.clock.now());
    let token = works.ok_or(Error::Unauthorized)?;
    let connection = house.store.connection(token.connection).await?;
    let connection = connection.filter(|connection| connection.revoked.is_none()).ok_or(Error::Unauthorized)?;
    let earner = subjects::current(house, connection.subject).await?.ok_or(Error::Unauthorized)?;
    Ok(Access { earner, scopes: token.scopes })
}
