//! `/v1/organisations/{organisation}/subjects`: persons and organisations that events are about.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::Error;
use laurel_core::id::SubjectId;
use laurel_core::subjects::{self, Identifier, NewSubject, Subject, SubjectKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_subject, list_subjects))
        .routes(routes!(find_subject))
        .routes(routes!(show_subject))
        .routes(routes!(name_subject))
        .routes(routes!(link_identifier))
        .routes(routes!(merge_subjects))
}

/// A subject to be, with identifiers somebody answers for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSubject {
    kind: SubjectKind,
    /// A name for pages.
    #[serde(default)]
    name: Option<String>,
    /// At least one; they count as verified.
    identifiers: Vec<Identifier>,
}

/// A name for pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameSubject {
    /// Null takes it away.
    name: Option<String>,
}

/// The subject that turned out to be the same.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeSubjects {
    /// It is merged into the subject of the path.
    #[schema(value_type = String, format = "uuid")]
    from: SubjectId,
}

/// One identifier, as a URI.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ByIdentifier {
    /// `mailto:ada@example.org`, `did:web:ada.example`, or an account as `https://lms.example.org#17`.
    identifier: String,
}

/// A subject.
#[derive(Debug, Serialize, ToSchema)]
struct SubjectView {
    #[schema(format = "uuid")]
    id: String,
    kind: SubjectKind,
    name: Option<String>,
    /// Made by an event that named an identifier nobody knew, and nobody answered for it since: none of its identifiers was linked, and
    /// none of the subjects merged into it was known.
    provisional: bool,
    /// Set when it was merged: the subject to look at instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    /// Its page.
    page: String,
    #[schema(format = "date-time")]
    created: String,
}

/// A subject with its identifiers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubjectDetails {
    #[serde(flatten)]
    subject: SubjectView,
    identifiers: Vec<IdentifierView>,
}

/// An identifier, and how sure we are.
#[derive(Debug, Serialize, ToSchema)]
struct IdentifierView {
    identifier: Identifier,
    /// False for a claim by a source.
    verified: bool,
    #[schema(format = "date-time")]
    since: String,
}

fn view(state: &AppState, subject: Subject) -> SubjectView {
    SubjectView {
        id: subject.id.to_string(),
        kind: subject.kind,
        name: subject.name,
        provisional: subject.provisional,
        merged_into: subject.merged_into.map(|id| id.to_string()),
        page: format!("{}/earners/{}", state.house.base_url, subject.public_id),
        created: subject.created.to_string(),
    }
}

pub(super) async fn details(state: &AppState, subject: Subject) -> Result<Json<SubjectDetails>, Problem> {
    let known = state.house.store.identifiers(subject.id).await?;
    let identifiers = known.into_iter().map(|each| IdentifierView {
        identifier: each.identifier,
        verified: each.verified,
        since: each.since.to_string(),
    });
    Ok(Json(SubjectDetails { identifiers: identifiers.collect(), subject: view(state, subject) }))
}

/// Makes a subject with verified identifiers.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/subjects", tag = "subjects",
    request_body = CreateSubject, responses((status = 201, body = SubjectDetails)))]
async fn create_subject(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<CreateSubject>,
) -> Result<(StatusCode, Json<SubjectDetails>), Problem> {
    let CreateSubject { kind, name, identifiers } = new;
    let new = NewSubject { kind, name, identifiers };
    let subject = subjects::create(&state.house, within.organisation.id, new).await?;
    Ok((StatusCode::CREATED, details(&state, subject).await?))
}

/// All subjects that were not merged into others.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/subjects", tag = "subjects", params(PageQuery),
    responses((status = 200, body = Listed<SubjectView>)))]
async fn list_subjects(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<SubjectView>>, Problem> {
    let page = state.house.store.subjects(within.organisation.id, page).await?;
    Ok(Listed::page(page, |subject| view(&state, subject)))
}

/// The subject that an identifier leads to.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/subject", tag = "subjects", params(ByIdentifier),
    responses((status = 200, body = SubjectDetails)))]
async fn find_subject(
    State(state): State<AppState>,
    within: Within<Read>,
    QueryOf(query): QueryOf<ByIdentifier>,
) -> Result<Json<SubjectDetails>, Problem> {
    let identifier = Identifier::from_uri(&query.identifier)
        .ok_or_else(|| Error::invalid("/identifier", "write mailto:…, did:… or https://home-page#name"))?;
    let found = subjects::find_by_identifier(&state.house, within.organisation.id, identifier).await?;
    details(&state, found.ok_or(Error::NotFound("subject"))?).await
}

/// A subject with its identifiers.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/subjects/{id}", tag = "subjects",
    responses((status = 200, body = SubjectDetails)))]
async fn show_subject(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<SubjectId>,
) -> Result<Json<SubjectDetails>, Problem> {
    let subject = subjects::find(&state.house, within.organisation.id, id).await?;
    details(&state, subject).await
}

/// Gives a subject a name for pages, or takes it away.
#[utoipa::path(put, path = "/v1/organisations/{organisation}/subjects/{id}/name", tag = "subjects",
    request_body = NameSubject, responses((status = 200, body = SubjectView)))]
async fn name_subject(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<SubjectId>,
    Json(new): Json<NameSubject>,
) -> Result<Json<SubjectView>, Problem> {
    let subject = subjects::name(&state.house, within.organisation.id, id, new.name).await?;
    Ok(Json(view(&state, subject)))
}

/// Lets another identifier lead to a subject, verified.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/subjects/{id}/identifiers", tag = "subjects",
    request_body = Identifier, responses(
        (status = 201, body = SubjectDetails, description = "It leads here now."),
        (status = 200, body = SubjectDetails, description = "It did before.")))]
async fn link_identifier(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<SubjectId>,
    Json(identifier): Json<Identifier>,
) -> Result<(StatusCode, Json<SubjectDetails>), Problem> {
    let new = subjects::link(&state.house, within.organisation.id, id, identifier).await?;
    let subject = subjects::find(&state.house, within.organisation.id, id).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, details(&state, subject).await?))
}

/// Merges another subject into this one. The rules fold both histories anew, in the background.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/subjects/{id}/merge", tag = "subjects",
    request_body = MergeSubjects, responses((status = 200, body = SubjectDetails)))]
async fn merge_subjects(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<SubjectId>,
    Json(other): Json<MergeSubjects>,
) -> Result<Json<SubjectDetails>, Problem> {
    let subject = subjects::merge(&state.house, within.organisation.id, id, other.from).await?;
    details(&state, subject).await
}
