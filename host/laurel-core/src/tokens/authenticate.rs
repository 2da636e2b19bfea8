//! Who holds this secret?

use super::{Token, digest};
use crate::error::Error;
use crate::house::House;

/// The token whose secret this is, unless it was revoked.
///
/// # Errors
/// [`Error::Unauthorized`] for every secret that is no valid token's.
pub async fn authenticate(house: &House, secret: &str) -> Result<Token, Error> {
    let token = house.store.token_by_digest(digest(secret)).await?;
    token.filter(|token| token.revoked.is_none_or(|at| at > house.clock.now())).ok_or(Error::Unauthorized)
}
