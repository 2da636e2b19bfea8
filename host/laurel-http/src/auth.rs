//! Who calls: bearer tokens, looked up by their SHA-256 and remembered for a few seconds.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use laurel_core::organisations::{self, Organisation};
use laurel_core::tokens::{self, Scope, Token};
use laurel_core::{Error, House};

use crate::problem::Problem;
use crate::state::AppState;

/// So many tokens are remembered at most.
const REMEMBERED: usize = 4096;

/// Tokens by digest, and until when they may be believed.
type Known = HashMap<[u8; 32], (Arc<Token>, Instant)>;

/// Tokens looked up a moment ago.
pub(crate) struct TokenCache {
    life: Duration,
    tokens: Mutex<Known>,
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").field("life", &self.life).finish_non_exhaustive()
    }
}

impl TokenCache {
    pub(crate) fn new(life: Duration) -> Self {
        Self { life, tokens: Mutex::default() }
    }

    /// Forgets everything, after a token was revoked here.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    async fn find(&self, house: &House, secret: &str) -> Result<Arc<Token>, Error> {
        let digest = tokens::digest(secret);
        if let Some((token, until)) = self.lock().get(&digest)
            && *until > Instant::now()
        {
            return Ok(Arc::clone(token));
        }
        let token = Arc::new(tokens::authenticate(house, secret).await?);
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(digest, (Arc::clone(&token), Instant::now() + self.life));
        Ok(token)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The token in the `Authorization` header, if there is one.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// Whose secret this is.
pub(crate) async fn caller(state: &AppState, secret: Option<&str>) -> Result<Arc<Token>, Problem> {
    let secret = secret.filter(|secret| secret.len() <= 200).ok_or(Error::Unauthorized)?;
    Ok(state.tokens.find(&state.house, secret).await?)
}

/// The caller's token, whatever it may do.
pub(crate) struct Caller(pub(crate) Arc<Token>);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(caller(state, bearer(&parts.headers)).await?))
    }
}

/// The platform operator.
pub(crate) struct Operator;

impl FromRequestParts<AppState> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.0.allows_platform()?;
        Ok(Self)
    }
}

/// A scope, as a type: what an endpoint asks of its caller stands in its signature.
pub(crate) trait Right {
    const SCOPE: Scope;
}

macro_rules! rights {
    ($($name:ident)+) => {$(
        pub(crate) enum $name {}
        impl Right for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )+};
}

rights! { Manage Award Read SignIn }

/// The organisation of the path, in which the caller has a right. It is named by id or slug; one that is not the caller's looks like
/// one that does not exist.
pub(crate) struct Within<R> {
    pub(crate) organisation: Organisation,
    right: PhantomData<R>,
}

impl<R: Right> FromRequestParts<AppState> for Within<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Caller(token) = Caller::from_request_parts(parts, state).await?;
        let name = path_value(parts, state, "organisation").await?;
        let organisation = organisations::find(&state.house, &name).await?;
        token.allows(R::SCOPE, organisation.id)?;
        Ok(Self { organisation, right: PhantomData })
    }
}

/// The `{id}` of the path. What cannot be an id names nothing.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: FromStr> FromRequestParts<AppState> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let text = path_value(parts, state, "id").await?;
        text.parse().map(Self).map_err(|_| Problem::not_found("thing"))
    }
}

/// The `{name}` of the path.
pub(crate) struct PathName(pub(crate) String);

impl FromRequestParts<AppState> for PathName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        path_value(parts, state, "name").await.map(Self)
    }
}

async fn path_value(parts: &mut Parts, state: &AppState, name: &str) -> Result<String, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found("place"))?;
    let value = params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    value.ok_or_else(|| Problem::internal(format!("the route has no {{{name}}}")))
}
