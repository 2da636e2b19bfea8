//! `Idempotency-Key`: a mutating request that is repeated gets the first answer, and happens once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use laurel_core::id::OrganisationId;
use laurel_core::idempotency::Remembered;
use laurel_core::tokens::Token;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tracing::Instrument as _;

use crate::auth::{bearer, caller};
use crate::body::unread;
use crate::problem::{KEY_BUSY, KEY_REUSED, MALFORMED, Problem};
use crate::state::AppState;

/// The request's header.
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Tells that an answer is a repeated one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What is remembered in place of an answer that holds a secret: a response's extension.
#[derive(Clone)]
pub(crate) struct Replay(pub(crate) Vec<u8>);

/// What the middleware needs to know of its routes.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) state: AppState,
    /// Bytes a body may have.
    pub(crate) limit: usize,
}

/// The key of a request, if it has one.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()) && !text.contains(' '));
    text.map(Some).ok_or_else(|| Problem::new(&MALFORMED, "an Idempotency-Key has 1 to 255 visible ASCII characters"))
}

/// Wraps the endpoints.
pub(crate) async fn remember(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !changes || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    once(&guard, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn once(guard: &Guard, request: Request, next: Next) -> Result<Response, Problem> {
    let store = &guard.state.house.store;
    let token = caller(&guard.state, bearer(request.headers())).await?;
    let key = scoped(&token, key_of(request.headers())?.unwrap_or_default());
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, guard.limit).await.map_err(|error| unread(too_large_or_broken(&error)))?;
    let digest = digest(&parts.method, parts.uri.path(), parts.uri.query(), &body);
    match store.begin_request(token.organisation, &key, digest, guard.state.house.clock.now()).await? {
        Remembered::Fresh => {}
        Remembered::InProgress => return Err(Problem::new(&KEY_BUSY, "wait a moment, then repeat the request")),
        Remembered::OtherRequest => {
            return Err(Problem::new(
                &KEY_REUSED,
                "this key was used for a request with another method, place or body",
            ));
        }
        Remembered::Answered { status, body } => return Ok(replayed(status, body)),
    }
    let reservation = Reservation { state: guard.state.clone(), organisation: token.organisation, key };
    let request = Request::from_parts(parts, Body::from(body));
    // A caller who hangs up ends this future. What was begun under the key is carried through all the same: its effect without its answer
    // would happen again when the key is free.
    let done = tokio::spawn(reservation.carry_out(request, next).in_current_span()).await;
    done.map_err(|error| Problem::internal(error.to_string()))?
}

/// A key, taken for a request.
struct Reservation {
    state: AppState,
    organisation: Option<OrganisationId>,
    key: String,
}

impl Reservation {
    async fn carry_out(self, request: Request, next: Next) -> Result<Response, Problem> {
        let store = &self.state.house.store;
        let mut response = next.run(request).await;
        let status = response.status();
        if !is_final(status) {
            if let Err(error) = store.release_request(self.organisation, &self.key).await {
                tracing::warn!(%error, "a key was not given back");
            }
            return Ok(response);
        }
        let replay = response.extensions_mut().remove::<Replay>();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(|error| Problem::internal(error.to_string()))?;
        let kept = replay.as_ref().map_or(&body[..], |replay| &replay.0);
        store.finish_request(self.organisation, &self.key, status.as_u16(), kept).await?;
        Ok(Response::from_parts(parts, Body::from(body)))
    }
}

/// A key is its token's: nobody gets the answer to another's request.
fn scoped(token: &Arc<Token>, key: &str) -> String {
    format!("{} {key}", token.id)
}

/// Whether repeating the request could not end otherwise. Where it could (too busy, a failure of ours), the key is given back; where
/// not even that succeeds, its reservation lapses after a minute.
fn is_final(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS && status != StatusCode::REQUEST_TIMEOUT
}

fn too_large_or_broken(error: &axum::Error) -> StatusCode {
    let too_large = std::error::Error::source(error)
        .is_some_and(<dyn std::error::Error + 'static>::is::<http_body_util::LengthLimitError>);
    if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
}

fn digest(method: &Method, path: &str, query: Option<&str>, body: &Bytes) -> [u8; 32] {
    let head = format!("{method} {path}?{}\n", query.unwrap_or_default());
    Sha256::new().chain_update(head).chain_update(body).finalize().into()
}

fn replayed(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let is_problem = status.is_client_error();
    let has_body = !body.is_empty();
    let mut response = (status, body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if has_body {
        let content_type = if is_problem { "application/problem+json" } else { "application/json" };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
