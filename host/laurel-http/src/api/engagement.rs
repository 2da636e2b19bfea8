//! `/v1/organisations/{organisation}/engagement`: badges for taking part, and points. Never signed, never among the credentials.

use axum::extract::State;
use laurel_core::Error;
use laurel_core::awards::{self, Standing};
use laurel_core::engagement::{Engagement, PointsEntry};
use laurel_core::id::{EngagementId, SubjectId};
use laurel_core::subjects;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::awards::Because;
use crate::auth::{Award as MayAward, PathId, Read, Within};
use crate::body::{Json, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(engagement_of_subject))
        .routes(routes!(show_engagement))
        .routes(routes!(revoke_engagement))
}

/// So many entries of points are shown.
const POINTS_SHOWN: u32 = 100;

/// Whose engagement.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EngagementOf {
    /// The subject's id. What was merged into it counts as its own.
    #[param(value_type = String, format = "uuid")]
    subject: SubjectId,
}

/// An engagement badge.
#[derive(Debug, Serialize, ToSchema)]
struct EngagementView {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    subject: String,
    #[schema(format = "uuid")]
    achievement: String,
    rule: Option<String>,
    key: String,
    #[schema(format = "date-time")]
    awarded: String,
    standing: Standing,
}

/// Points and what for.
#[derive(Debug, Serialize, ToSchema)]
struct PointsView {
    #[schema(format = "uuid")]
    rule: String,
    key: String,
    amount: i64,
    reason: String,
    #[schema(format = "date-time")]
    at: String,
}

/// What a subject did beside its credentials.
#[derive(Debug, Serialize, ToSchema)]
struct EngagementShelf {
    badges: Vec<EngagementView>,
    points_total: i64,
    /// The newest entries.
    points: Vec<PointsView>,
}

impl From<Engagement> for EngagementView {
    fn from(badge: Engagement) -> Self {
        Self {
            id: badge.id.to_string(),
            subject: badge.subject.to_string(),
            achievement: badge.achievement.to_string(),
            rule: badge.rule.map(|rule| rule.to_string()),
            key: badge.key,
            awarded: badge.awarded.to_string(),
            standing: badge.standing,
        }
    }
}

impl From<PointsEntry> for PointsView {
    fn from(entry: PointsEntry) -> Self {
        let (rule, at) = (entry.rule.to_string(), entry.at.to_string());
        Self { rule, key: entry.key, amount: entry.amount, reason: entry.reason, at }
    }
}

/// A subject's engagement badges and points.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/engagement", tag = "engagement", params(EngagementOf),
    responses((status = 200, body = EngagementShelf)))]
async fn engagement_of_subject(
    State(state): State<AppState>,
    within: Within<Read>,
    QueryOf(query): QueryOf<EngagementOf>,
) -> Result<Json<EngagementShelf>, Problem> {
    let store = &state.house.store;
    let subject = subjects::find(&state.house, within.organisation.id, query.subject).await?;
    let family = store.subject_family(subject.id).await?;
    let badges = store.engagement_of(&family).await?.into_iter().map(EngagementView::from).collect();
    let points_total = store.points_total(&family).await?;
    let points = store.points_of(&family, POINTS_SHOWN).await?.into_iter().map(PointsView::from).collect();
    Ok(Json(EngagementShelf { badges, points_total, points }))
}

/// An engagement badge.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/engagement/{id}", tag = "engagement",
    responses((status = 200, body = EngagementView)))]
async fn show_engagement(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<EngagementId>,
) -> Result<Json<EngagementView>, Problem> {
    let badge = state.house.store.engagement(id).await?;
    let badge = badge.filter(|badge| badge.organisation == within.organisation.id);
    Ok(Json(badge.ok_or(Error::NotFound("engagement badge"))?.into()))
}

/// Takes an engagement badge back, for ever.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/engagement/{id}/revoke", tag = "engagement",
    request_body = Because, responses((status = 200, body = EngagementView)))]
async fn revoke_engagement(
    State(state): State<AppState>,
    within: Within<MayAward>,
    PathId(id): PathId<EngagementId>,
    Json(because): Json<Because>,
) -> Result<Json<EngagementView>, Problem> {
    let organisation = within.organisation.id;
    let badge = awards::change_engagement(&state.house, organisation, id, Standing::Revoked, &because.reason).await?;
    Ok(Json(badge.into()))
}
