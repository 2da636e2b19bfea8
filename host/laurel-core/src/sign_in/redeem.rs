//! A link is used: it ends, and a session begins.

use super::SESSION_LIFE;
use crate::error::Error;
use crate::house::House;
use crate::tokens::{digest, fresh_secret};

/// Uses a link up and begins a session; returns the session's secret.
///
/// # Errors
/// [`Error::NotFound`] for a link that never was, was used, or has expired.
pub async fn redeem(house: &House, secret: &str) -> Result<String, Error> {
    let session = fresh_secret("laurel_session_", &*house.random);
    let now = house.clock.now();
    let expires = now.plus_millis(SESSION_LIFE);
    let begun = house.store.redeem_sign_in_link(digest(secret), digest(&session), now, expires).await?;
    begun.map(|_| session).ok_or(Error::NotFound("sign-in link"))
}
