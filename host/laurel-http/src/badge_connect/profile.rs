//! `GET` and `PUT /ims/ob/v3p0/profile`: who the earner is, as far as the earner lets clients know.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use laurel_core::backpack::{self, EarnerProfile, ProfileView};
use laurel_core::clients::ClientScope;
use laurel_openbadges::contexts::{CREDENTIALS_V2, OPEN_BADGES_V3};
use serde::Serialize;

use super::Bearer;
use super::status_info::StatusInfo;
use crate::body::Json;
use crate::problem::Problem;
use crate::state::AppState;

/// The class `Profile`.
#[derive(Debug, Serialize)]
struct Profile {
    #[serde(rename = "@context")]
    context: [&'static str; 2],
    id: String,
    r#type: [&'static str; 1],
    #[serde(flatten)]
    rest: EarnerProfile,
}

/// `GET`
pub(super) async fn show(State(state): State<AppState>, Bearer(access): Bearer) -> Result<Response, StatusInfo> {
    access.allows(ClientScope::ProfileReadonly)?;
    Ok(answer(backpack::profile(&state.house, &access.earner).await?))
}

/// `PUT`
pub(super) async fn change(
    State(state): State<AppState>,
    Bearer(access): Bearer,
    body: Result<Json<EarnerProfile>, Problem>,
) -> Result<Response, StatusInfo> {
    access.allows(ClientScope::ProfileUpdate)?;
    Ok(answer(backpack::change_profile(&state.house, &access.earner, body?.0).await?))
}

fn answer(view: ProfileView) -> Response {
    let context = [CREDENTIALS_V2, OPEN_BADGES_V3];
    axum::Json(Profile { context, id: view.id, r#type: ["Profile"], rest: view.profile }).into_response()
}
