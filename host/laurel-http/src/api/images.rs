//! `/v1/organisations/{organisation}/images`: pictures for achievements.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use laurel_core::images::{self, Image, Media};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, Within};
use crate::body::{Json, Raw};
use crate::images::{MAX_UPLOAD, re_encode};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(add_image)).layer(DefaultBodyLimit::max(MAX_UPLOAD))
}

/// A picture that is kept.
#[derive(Debug, Serialize, ToSchema)]
struct ImageView {
    /// What an achievement's text names it by.
    #[schema(format = "uuid")]
    id: String,
    media: Media,
    /// Where anybody may see it.
    url: String,
}

/// Keeps a picture (PNG, JPEG, GIF, WebP) or a drawing (SVG) of at most 2 MiB, written anew: pixels as PNG of 1024 by 1024 at most, drawings
/// as shapes alone. The same one again is the same. It is the organisation's own: no other may name it.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/images", tag = "achievements",
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = ImageView)))]
async fn add_image(
    State(state): State<AppState>,
    within: Within<Manage>,
    Raw(body): Raw,
) -> Result<(StatusCode, Json<ImageView>), Problem> {
    let (media, bytes) = re_encode(body.to_vec()).await?;
    let Image { id, media, .. } = images::add(&state.house, within.organisation.id, media, bytes).await?;
    let url = format!("{}/images/{id}", state.house.base_url);
    Ok((StatusCode::CREATED, Json(ImageView { id: id.to_string(), media, url })))
}
