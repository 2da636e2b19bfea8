//! Which client asks? `client_secret_basic` (RFC 6749, section 2.3.1).

use super::{Client, OauthError, RefusalCode};
use crate::house::House;
use crate::id::PublicId;
use crate::tokens::digest;

/// The client with this id and secret.
pub async fn authenticate(house: &House, id: &str, secret: &str) -> Result<Client, OauthError> {
    let unknown = || OauthError::refused(RefusalCode::InvalidClient, "no client with this client_id has this secret");
    let id: PublicId = id.parse().map_err(|_| unknown())?;
    let client = house.store.client(id).await?.ok_or_else(unknown)?;
    // What is compared are digests: how far they agree tells nothing about the secret.
    if client.digest == digest(secret) { Ok(client) } else { Err(unknown()) }
}
