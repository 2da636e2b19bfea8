//! `/v1/organisations/{organisation}/endorsements`: what an organisation says of achievements, profiles and credentials.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::id::IssuedId;
use laurel_core::issued::{self, Issued, IssuedKind, NewEndorsement};
use laurel_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Award, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

const KIND: IssuedKind = IssuedKind::Endorsement;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(give_endorsement, list_endorsements))
        .routes(routes!(show_endorsement))
        .routes(routes!(revoke_endorsement))
}

/// An endorsement to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiveEndorsement {
    /// Identifier of what is endorsed, here or elsewhere: the address of an achievement or a credential, the identifier of a profile (its
    /// DID).
    endorses: String,
    /// The endorsement in words (Markdown).
    comment: String,
    /// Its name; left out, one with the organisation's.
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    valid_until: Option<Timestamp>,
}

/// An endorsement.
#[derive(Debug, Serialize, ToSchema)]
struct EndorsementView {
    #[schema(format = "uuid")]
    id: String,
    /// Its public place: a page, and the signed `EndorsementCredential` by content negotiation.
    credential: String,
    endorses: String,
    name: String,
    #[schema(format = "date-time")]
    valid_until: Option<String>,
    #[schema(format = "date-time")]
    created: String,
    /// Whether it was revoked; left out where many are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
}

fn view(state: &AppState, issued: Issued, revoked: Option<bool>) -> EndorsementView {
    EndorsementView {
        id: issued.id.to_string(),
        credential: issued.url(&state.house.base_url),
        endorses: issued.about,
        name: issued.name,
        valid_until: issued.valid_until.map(|at| at.to_string()),
        created: issued.created.to_string(),
        revoked,
    }
}

/// Endorses: signs an `EndorsementCredential` (Open Badges 3.0). An achievement carries it once it stands in a version of its text.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/endorsements", tag = "endorsements",
    request_body = GiveEndorsement, responses((status = 201, body = EndorsementView)))]
async fn give_endorsement(
    State(state): State<AppState>,
    within: Within<Award>,
    Json(new): Json<GiveEndorsement>,
) -> Result<(StatusCode, Json<EndorsementView>), Problem> {
    let GiveEndorsement { endorses, comment, name, valid_until } = new;
    let new = NewEndorsement { endorses, comment, name, valid_until };
    let issued = issued::endorse(&state.house, &within.organisation, new, state.surroundings()).await?;
    Ok((StatusCode::CREATED, Json(view(&state, issued, Some(false)))))
}

/// All endorsements that the organisation gave.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/endorsements", tag = "endorsements", params(PageQuery),
    responses((status = 200, body = Listed<EndorsementView>)))]
async fn list_endorsements(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<EndorsementView>>, Problem> {
    let page = state.house.store.issued_by(within.organisation.id, KIND, page).await?;
    Ok(Listed::page(page, |issued| view(&state, issued, None)))
}

/// An endorsement.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/endorsements/{id}", tag = "endorsements",
    responses((status = 200, body = EndorsementView)))]
async fn show_endorsement(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<IssuedId>,
) -> Result<Json<EndorsementView>, Problem> {
    let shown = issued::find(&state.house, within.organisation.id, KIND, id).await?;
    Ok(Json(view(&state, shown.issued, Some(shown.revoked))))
}

/// Revokes an endorsement, for ever. Verifiers see it at the next publication of the status list.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/endorsements/{id}/revoke", tag = "endorsements",
    responses((status = 200, body = EndorsementView)))]
async fn revoke_endorsement(
    State(state): State<AppState>,
    within: Within<Award>,
    PathId(id): PathId<IssuedId>,
) -> Result<Json<EndorsementView>, Problem> {
    let shown = issued::revoke(&state.house, within.organisation.id, KIND, id).await?;
    Ok(Json(view(&state, shown.issued, Some(shown.revoked))))
}
