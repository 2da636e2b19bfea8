//! What registration, tokens and revocation have in common: the client's credentials, and errors as OAuth 2.0 writes them (RFC 6749,
//! section 5.2).

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use laurel_core::clients::{self, Client, OauthError, RefusalCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::problem::Problem;
use crate::state::AppState;

/// An error, ready to be answered.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As OAuth has it.
    Refused(RefusalCode, String),
    /// Anything else: too large, a failure of ours.
    Problem(Problem),
}

impl From<OauthError> for Refusal {
    fn from(error: OauthError) -> Self {
        match error {
            OauthError::Refused { code, why } => Self::Refused(code, why),
            OauthError::House(error) => Self::Problem(error.into()),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (code, why) = match self {
            Self::Refused(code, why) => (code, why),
            Self::Problem(problem) => return problem.into_response(),
        };
        let unknown = code == RefusalCode::InvalidClient;
        let status = if unknown { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        let mut response = secret(status, &json!({ "error": code.as_str(), "error_description": why }));
        if unknown {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"laurel\""));
        }
        response
    }
}

/// An answer that nobody may keep.
pub(super) fn secret(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// The client, by `client_secret_basic`.
pub(super) struct Authenticated(pub(super) Client);

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let missing = || {
            let why = "send Authorization: Basic with the client_id and the client_secret";
            Refusal::Refused(RefusalCode::InvalidClient, why.to_owned())
        };
        let (id, secret) = basic(&parts.headers).ok_or_else(missing)?;
        Ok(Self(clients::authenticate(&state.house, &id, &secret).await?))
    }
}

/// Id and secret. Ours need no encoding as a form, so there is none to undo.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let encoded = encoded.trim();
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 400 {
        return None;
    }
    let plain = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// The parameters of a request, each at most once.
pub(super) struct Parameters<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Parameters<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let form: Result<Form<T>, FormRejection> = Form::from_request(request, state).await;
        let why = |rejection: FormRejection| Refusal::Refused(RefusalCode::InvalidRequest, rejection.body_text());
        form.map(|Form(parameters)| Self(parameters)).map_err(why)
    }
}
