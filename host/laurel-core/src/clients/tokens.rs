//! A client fetches its tokens, with a code and later with a refresh token (RFC 6749, sections 4.1.3 and 6; RFC 9700, section 4.14).
//!
//! *Architecture invariant*: whatever looks like a stolen code or token ends the whole connection: a code used twice, a code with a
//! wrong verifier or address, a refresh token used twice.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{
    ACCESS_LIFE, Client, ClientScope, ClientToken, Connection, NewToken, OauthError, REFRESH_LIFE, RefusalCode,
    TokenKind,
};
use crate::house::House;
use crate::time::Timestamp;
use crate::tokens::{digest, fresh_secret};

/// A code, and what proves that it is the client's own.
#[derive(Clone, Copy, Debug)]
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a str,
    /// Where it was sent.
    pub redirect_uri: &'a str,
    /// What the challenge was made from.
    pub verifier: &'a str,
    /// Fewer scopes than were allowed, if so wished.
    pub scope: Option<&'a str>,
}

/// A refresh token.
#[derive(Clone, Copy, Debug)]
pub struct Refreshing<'a> {
    /// The token.
    pub token: &'a str,
    /// Fewer scopes than were allowed, if so wished.
    pub scope: Option<&'a str>,
}

/// What a client gets. Nobody can find the secrets out afterwards.
#[derive(Clone, Debug)]
pub struct Issued {
    /// To read and write with.
    pub access_token: String,
    /// To get the next ones with; with `offline_access` only.
    pub refresh_token: Option<String>,
    /// What the access token allows.
    pub scopes: Vec<ClientScope>,
}

/// Uses a code up.
pub async fn redeem(house: &House, client: &Client, asked: Redemption<'_>) -> Result<Issued, OauthError> {
    let now = house.clock.now();
    let connection = house.store.connection_by_code(digest(asked.code)).await?;
    let own = connection.filter(|connection| connection.client == client.id && connection.revoked.is_none());
    let connection = own.ok_or_else(|| unusable("this code is not one of yours, or has ended"))?;
    if connection.redeemed.is_some() {
        return end(house, &connection, "this code was used before: the connection it made has ended").await;
    }
    if now >= connection.code_expires {
        return Err(unusable("this code has expired"));
    }
    let fits = connection.redirect_uri == asked.redirect_uri && challenge(asked.verifier) == connection.challenge;
    if !fits {
        return end(house, &connection, "the code_verifier or the redirect_uri is not that of the request").await;
    }
    let scopes = narrowed(&connection.scopes, asked.scope)?;
    let (issued, tokens) = tokens(house, &connection, &connection.scopes, scopes, now);
    if !house.store.redeem_code(connection.id, &tokens, now).await? {
        return end(house, &connection, "this code was used before: the connection it made has ended").await;
    }
    Ok(issued)
}

/// Uses a refresh token up.
pub async fn refresh(house: &House, client: &Client, asked: Refreshing<'_>) -> Result<Issued, OauthError> {
    let now = house.clock.now();
    let lost = || unusable("this refresh token is not one of yours, or has ended");
    let old = digest(asked.token);
    let token = house.store.client_token(old).await?.filter(|token| token.kind == TokenKind::Refresh);
    let token = token.ok_or_else(lost)?;
    let connection = house.store.connection(token.connection).await?;
    let own = connection.filter(|connection| connection.client == client.id && connection.revoked.is_none());
    let connection = own.ok_or_else(lost)?;
    if token.spent.is_some() {
        return end(house, &connection, "this refresh token was used before: the connection has ended").await;
    }
    if now >= token.expires {
        return Err(unusable("this refresh token has expired"));
    }
    let scopes = narrowed(&token.scopes, asked.scope)?;
    let (issued, tokens) = tokens(house, &connection, &token.scopes, scopes, now);
    if !house.store.rotate_token(old, &tokens, now).await? {
        return end(house, &connection, "this refresh token was used before: the connection has ended").await;
    }
    Ok(issued)
}

fn unusable(why: &str) -> OauthError {
    OauthError::refused(RefusalCode::InvalidGrant, why)
}

async fn end(house: &House, connection: &Connection, why: &str) -> Result<Issued, OauthError> {
    house.store.revoke_connection(connection.id, house.clock.now()).await?;
    tracing::warn!(client = %connection.client, connection = %connection.id, why, "connection ended");
    Err(unusable(why))
}

/// The S256 challenge of a verifier (RFC 7636, section 4.6). A verifier that is none has a challenge that fits nothing.
fn challenge(verifier: &str) -> String {
    let is_verifier = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if is_verifier { BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) } else { String::new() }
}

/// What is asked for, if it is no more than was allowed.
fn narrowed(allowed: &[ClientScope], asked: Option<&str>) -> Result<Vec<ClientScope>, OauthError> {
    let refused = |why: &str| OauthError::refused(RefusalCode::InvalidScope, why);
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(allowed.to_vec()) };
    let scopes = ClientScope::parse_list(asked).map_err(|_| refused("a scope is not known here"))?;
    if scopes.iter().all(|scope| allowed.contains(scope)) {
        Ok(scopes)
    } else {
        Err(refused("this is more than the earner allowed"))
    }
}

/// Fresh tokens: an access token for what is asked now, a refresh token for everything that may be asked later.
fn tokens(
    house: &House,
    connection: &Connection,
    allowed: &[ClientScope],
    scopes: Vec<ClientScope>,
    now: Timestamp,
) -> (Issued, Vec<NewToken>) {
    let token = |kind, scopes: &[ClientScope], life| ClientToken {
        connection: connection.id,
        kind,
        scopes: scopes.to_vec(),
        expires: now.plus_millis(life),
        spent: None,
    };
    let access_token = fresh_secret("laurel_access_", &*house.random);
    let mut new = vec![(digest(&access_token), token(TokenKind::Access, &scopes, ACCESS_LIFE))];
    let refresh_token = allowed.contains(&ClientScope::OfflineAccess).then(|| {
        let secret = fresh_secret("laurel_refresh_", &*house.random);
        new.push((digest(&secret), token(TokenKind::Refresh, allowed, REFRESH_LIFE)));
        secret
    });
    (Issued { access_token, refresh_token, scopes }, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(challenge("short") + &challenge(&"x".repeat(129)) + &challenge(&"=".repeat(43)), "");
    }

    #[test]
    fn nobody_gets_more_than_was_allowed() {
        let allowed = [ClientScope::CredentialReadonly, ClientScope::ProfileReadonly];
        assert_eq!(narrowed(&allowed, None).unwrap(), allowed);
        assert_eq!(narrowed(&allowed, Some(allowed[1].as_str())).unwrap(), [allowed[1]]);
        assert!(narrowed(&allowed, Some(ClientScope::CredentialUpsert.as_str())).is_err());
        assert!(narrowed(&allowed, Some("admin")).is_err());
    }
}
