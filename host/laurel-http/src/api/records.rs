//! `/v1/organisations/{organisation}/records`: the badges of one earner in one signed document.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::Error;
use laurel_core::id::{IssuedId, SubjectId};
use laurel_core::issued::{self, Issued, IssuedKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Award, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

const KIND: IssuedKind = IssuedKind::Record;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(make_record, list_records))
        .routes(routes!(show_record))
        .routes(routes!(revoke_record))
}

/// Whose record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeRecord {
    #[schema(value_type = String, format = "uuid")]
    subject: SubjectId,
}

/// A learner record.
#[derive(Debug, Serialize, ToSchema)]
struct RecordView {
    #[schema(format = "uuid")]
    id: String,
    /// Its public place: a page, and the signed `ClrCredential` by content negotiation.
    credential: String,
    #[schema(format = "uuid")]
    subject: String,
    name: String,
    #[schema(format = "date-time")]
    created: String,
    /// Whether it was revoked; left out where many are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
}

fn view(state: &AppState, issued: Issued, revoked: Option<bool>) -> RecordView {
    RecordView {
        id: issued.id.to_string(),
        credential: issued.url(&state.house.base_url),
        subject: issued.about,
        name: issued.name,
        created: issued.created.to_string(),
        revoked,
    }
}

/// Bundles the signed credentials of a subject that count at the moment into a `ClrCredential` (CLR 2.0). A record is of its moment: what
/// is earned or revoked later does not change it.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/records", tag = "records",
    request_body = MakeRecord, responses((status = 201, body = RecordView)))]
async fn make_record(
    State(state): State<AppState>,
    within: Within<Award>,
    Json(new): Json<MakeRecord>,
) -> Result<(StatusCode, Json<RecordView>), Problem> {
    let made = issued::record(&state.house, &within.organisation, new.subject, state.surroundings()).await;
    let issued = made.map_err(|error| match error {
        // What the body names and is not there is a fault of the body, not of the place.
        Error::NotFound("subject") => Error::invalid("/subject", error.to_string()),
        other => other,
    })?;
    Ok((StatusCode::CREATED, Json(view(&state, issued, Some(false)))))
}

/// All learner records that the organisation made.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/records", tag = "records", params(PageQuery),
    responses((status = 200, body = Listed<RecordView>)))]
async fn list_records(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<RecordView>>, Problem> {
    let page = state.house.store.issued_by(within.organisation.id, KIND, page).await?;
    Ok(Listed::page(page, |issued| view(&state, issued, None)))
}

/// A learner record.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/records/{id}", tag = "records",
    responses((status = 200, body = RecordView)))]
async fn show_record(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<IssuedId>,
) -> Result<Json<RecordView>, Problem> {
    let shown = issued::find(&state.house, within.organisation.id, KIND, id).await?;
    Ok(Json(view(&state, shown.issued, Some(shown.revoked))))
}

/// Revokes a learner record, for ever; the badges in it stay as they are. Verifiers see it at the next publication of the status list.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/records/{id}/revoke", tag = "records",
    responses((status = 200, body = RecordView)))]
async fn revoke_record(
    State(state): State<AppState>,
    within: Within<Award>,
    PathId(id): PathId<IssuedId>,
) -> Result<Json<RecordView>, Problem> {
    let shown = issued::revoke(&state.house, within.organisation.id, KIND, id).await?;
    Ok(Json(view(&state, shown.issued, Some(shown.revoked))))
}
