//! `GET /credentials/{id}/badge.png|svg`: the emblem with the signed credential inside, to be kept and shown to any verifier.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::credentials::Shown;
use laurel_openbadges::baking::bake;
use std::sync::Arc;

use super::credential::{face, find};
use super::emblem;
use super::frame::PageError;
use super::png::Painter;
use crate::problem::{Problem, UNAVAILABLE};
use crate::state::AppState;

/// `GET /credentials/{id}/badge.svg`
pub(crate) async fn svg(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    let drawing = emblem::svg(&face(&shown)).into_bytes();
    Ok(baked(&shown, &drawing, "image/svg+xml", r#"attachment; filename="badge.svg""#))
}

/// `GET /credentials/{id}/badge.png`
pub(crate) async fn png(
    State(state): State<AppState>,
    Extension(painter): Extension<Arc<Painter>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    Ok(match painter.paint(emblem::svg(&face(&shown))).await {
        Ok(picture) => baked(&shown, &picture, "image/png", r#"attachment; filename="badge.png""#),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    })
}

fn baked(shown: &Shown, picture: &[u8], media: &'static str, kept: &'static str) -> Response {
    let Some(document) = &shown.document else {
        let problem = Problem::new(&UNAVAILABLE, "the credential is being signed");
        return problem.into_response();
    };
    let text = String::from_utf8_lossy(document);
    match bake(picture, &text) {
        Ok(image) => (StatusCode::OK, headers(media, kept), image).into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

fn headers(media: &'static str, kept: &'static str) -> [(HeaderName, HeaderValue); 6] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(kept)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}
