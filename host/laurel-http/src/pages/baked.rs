//! `GET /credentials/{id}/badge.png|svg`: the emblem with the signed credential inside, to be kept and shown to any verifier.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::credentials::Shown;
use laurel_core::images::{self, Image, Media};
use laurel_core::{Error, House};
use laurel_openbadges::baking::bake;
use std::sync::Arc;

use super::credential::{face, find};
use super::emblem;
use super::frame::PageError;
use super::png::Painter;
use crate::problem::{Problem, UNAVAILABLE};
use crate::state::AppState;

/// Media type, and how the file is to be kept.
type Kind = (&'static str, &'static str);

const SVG: Kind = ("image/svg+xml", r#"attachment; filename="badge.svg""#);
const PNG: Kind = ("image/png", r#"attachment; filename="badge.png""#);

/// `GET /credentials/{id}/badge.svg`: the organisation's own drawing, or the drawn emblem.
pub(crate) async fn svg(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    Ok(match own(&state.house, &shown).await? {
        Some(Image { media: Media::Svg, bytes, .. }) => baked(&shown, &bytes, SVG),
        _ => baked(&shown, emblem::svg(&face(&shown)).as_bytes(), SVG),
    })
}

/// `GET /credentials/{id}/badge.png`: the same as pixels.
pub(crate) async fn png(
    State(state): State<AppState>,
    Extension(painter): Extension<Arc<Painter>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    let drawing = match own(&state.house, &shown).await? {
        Some(Image { media: Media::Png, bytes, .. }) => return Ok(baked(&shown, &bytes, PNG)),
        Some(Image { media: Media::Svg, bytes, .. }) => String::from_utf8_lossy(&bytes).into_owned(),
        None => emblem::svg(&face(&shown)),
    };
    Ok(match painter.paint(drawing).await {
        Ok(picture) => baked(&shown, &picture, PNG),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    })
}

/// The organisation's own picture for this achievement.
async fn own(house: &House, shown: &Shown) -> Result<Option<Image>, Error> {
    match shown.achievement.version.text.image {
        Some(id) => images::find(house, id).await.map(Some),
        None => Ok(None),
    }
}

fn baked(shown: &Shown, picture: &[u8], (media, kept): Kind) -> Response {
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
