//! `/v1/organisations/{organisation}/achievements`: what can be earned.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::achievements::{self, Achievement, BadgeKind, Text, Version};
use laurel_core::id::AchievementId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_achievement, list_achievements))
        .routes(routes!(show_achievement))
        .routes(routes!(revise_achievement, list_versions))
        .routes(routes!(archive_achievement))
}

/// An achievement to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateAchievement {
    /// Credential or engagement badge, for ever.
    kind: BadgeKind,
    /// Its first version.
    text: Text,
}

/// An achievement with its latest version.
#[derive(Debug, Serialize, ToSchema)]
struct AchievementView {
    #[schema(format = "uuid")]
    id: String,
    kind: BadgeKind,
    /// Its public place: a page, and JSON by content negotiation.
    url: String,
    version: VersionView,
    #[schema(format = "date-time")]
    created: String,
    /// No longer offered since then.
    #[schema(format = "date-time")]
    archived: Option<String>,
}

/// One immutable text.
#[derive(Debug, Serialize, ToSchema)]
struct VersionView {
    #[schema(format = "uuid")]
    id: String,
    number: u32,
    text: Text,
    #[schema(format = "date-time")]
    created: String,
}

impl From<Version> for VersionView {
    fn from(version: Version) -> Self {
        let (id, created) = (version.id.to_string(), version.created.to_string());
        Self { id, number: version.number, text: version.text, created }
    }
}

fn view(state: &AppState, achievement: Achievement) -> AchievementView {
    AchievementView {
        id: achievement.id.to_string(),
        kind: achievement.kind,
        url: format!("{}/achievements/{}", state.house.base_url, achievement.id),
        version: achievement.version.into(),
        created: achievement.created.to_string(),
        archived: achievement.archived.map(|at| at.to_string()),
    }
}

/// Makes an achievement.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/achievements", tag = "achievements",
    request_body = CreateAchievement, responses((status = 201, body = AchievementView)))]
async fn create_achievement(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<CreateAchievement>,
) -> Result<(StatusCode, Json<AchievementView>), Problem> {
    let made = achievements::create(&state.house, within.organisation.id, new.kind, new.text).await;
    let made = made.map_err(|error| Problem::from(error).below("/text"))?;
    Ok((StatusCode::CREATED, Json(view(&state, made))))
}

/// All achievements, each with its latest version.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/achievements", tag = "achievements", params(PageQuery),
    responses((status = 200, body = Listed<AchievementView>)))]
async fn list_achievements(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<AchievementView>>, Problem> {
    let page = state.house.store.achievements(within.organisation.id, page).await?;
    Ok(Listed::page(page, |achievement| view(&state, achievement)))
}

/// An achievement with its latest version.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/achievements/{id}", tag = "achievements",
    responses((status = 200, body = AchievementView)))]
async fn show_achievement(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<AchievementId>,
) -> Result<Json<AchievementView>, Problem> {
    let achievement = achievements::find(&state.house, within.organisation.id, id).await?;
    Ok(Json(view(&state, achievement)))
}

/// Writes a new version. What was earned keeps the old one.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/achievements/{id}/versions", tag = "achievements",
    request_body = Text, responses((status = 201, body = VersionView)))]
async fn revise_achievement(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<AchievementId>,
    Json(text): Json<Text>,
) -> Result<(StatusCode, Json<VersionView>), Problem> {
    let (organisation, is_endorsed) = (within.organisation.id, !text.endorsements.is_empty());
    let revise = |state: AppState| async move {
        achievements::revise(&state.house, organisation, id, text, state.surroundings()).await
    };
    let version = state.endorsed(is_endorsed, revise).await?;
    Ok((StatusCode::CREATED, Json(version.into())))
}

/// All versions, oldest first.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/achievements/{id}/versions", tag = "achievements",
    responses((status = 200, body = Listed<VersionView>)))]
async fn list_versions(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<AchievementId>,
) -> Result<Json<Listed<VersionView>>, Problem> {
    achievements::find(&state.house, within.organisation.id, id).await?;
    let versions = state.house.store.versions(id).await?;
    Ok(Listed::all(versions.into_iter().map(VersionView::from).collect()))
}

/// The achievement is no longer offered: no rule awards it, and nobody directly. What was earned stays. Refused while active rules award
/// it: pause them first, knowing that a paused rule no longer suspends or revokes either.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/achievements/{id}/archive", tag = "achievements",
    responses((status = 200, body = AchievementView)))]
async fn archive_achievement(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<AchievementId>,
) -> Result<Json<AchievementView>, Problem> {
    let achievement = achievements::archive(&state.house, within.organisation.id, id).await?;
    Ok(Json(view(&state, achievement)))
}
