//! The documents of Open Badges 2.0: assertion, badge class, issuer. Machines fetch them; nobody reads them as pages.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::credentials::{self, HostedAssertion};
use serde::Serialize;

use super::achievement::Which;
use crate::problem::Problem;
use crate::state::AppState;

/// `GET /credentials/{id}/assertion.json`: that somebody earned the badge, or (410) that it was taken back.
pub(crate) async fn assertion(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("credential"))?;
    let assertion = credentials::assertion(&state.house, id).await?;
    let status = match assertion {
        HostedAssertion::Standing(_) => StatusCode::OK,
        HostedAssertion::Revoked(_) => StatusCode::GONE,
    };
    Ok((status, HEADERS, Json(assertion)).into_response())
}

/// `GET /achievements/{id}/badge-class.json?version=`: what can be earned.
pub(crate) async fn badge_class(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("achievement"))?;
    Ok(served(credentials::badge_class(&state.house, id, which.version).await?))
}

/// `GET /issuers/{id}`: who issues.
pub(crate) async fn issuer(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("issuer"))?;
    Ok(served(credentials::issuer(&state.house, id).await?))
}

fn served(document: impl Serialize) -> Response {
    (HEADERS, Json(document)).into_response()
}

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/ld+json")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];
