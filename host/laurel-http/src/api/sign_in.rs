//! `POST /v1/organisations/{organisation}/subjects/{id}/sign-in`: an organisation vouches for one of its subjects.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use laurel_core::id::SubjectId;
use laurel_core::sign_in;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{PathId, SignIn, Within};
use crate::body::Json;
use crate::idempotency::Replay;
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(make_sign_in_link))
}

/// A link for one person. `url` is shown this once; a repeated request gets it as null.
#[derive(Debug, Serialize, ToSchema)]
struct SignInLink {
    /// Hand it to nobody but the subject: whoever opens it is the subject. It works once.
    url: Option<String>,
    /// Until when.
    #[schema(format = "date-time")]
    expires: String,
}

/// Makes a link that signs the subject in, once, within 15 minutes. Needs the scope `sign-in`.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/subjects/{id}/sign-in", tag = "subjects",
    responses((status = 201, body = SignInLink)))]
async fn make_sign_in_link(
    State(state): State<AppState>,
    within: Within<SignIn>,
    PathId(id): PathId<SubjectId>,
) -> Result<Response, Problem> {
    let (secret, expires) = sign_in::make_link(&state.house, within.organisation.id, id).await?;
    let expires = expires.to_string();
    let replay = serde_json::to_vec(&SignInLink { url: None, expires: expires.clone() }).unwrap_or_default();
    let url = Some(format!("{}/sign-in/{secret}", state.house.base_url));
    let mut response = (StatusCode::CREATED, Json(SignInLink { url, expires })).into_response();
    response.extensions_mut().insert(Replay(replay));
    Ok(response)
}
