//! `/v1/organisations/{organisation}/progress`: how far a subject is with each rule.

use axum::extract::State;
use laurel_core::id::SubjectId;
use laurel_core::rules::{self, RuleProgress, Step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Read, Within};
use crate::body::{Json, Listed, QueryOf};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(progress_of_subject))
}

/// Whose progress.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProgressOf {
    /// The subject's id. What was merged into it counts as its own.
    #[param(value_type = String, format = "uuid")]
    subject: SubjectId,
}

/// How far a subject is with a rule.
#[derive(Debug, Serialize, ToSchema)]
struct ProgressView {
    #[schema(format = "uuid")]
    rule: String,
    /// What the rule awards.
    #[schema(format = "uuid")]
    achievement: String,
    /// Whether the subject holds it by this rule.
    held: bool,
    /// Whether the rule stopped for this subject (`/parked`): the numbers are those from before.
    parked: bool,
    requirements: Vec<RequirementProgress>,
}

/// How far a subject is with a requirement.
#[derive(Debug, Serialize, ToSchema)]
struct RequirementProgress {
    id: String,
    /// What is to be done, in words.
    text: String,
    /// What is reached. Null before the first event that the rule folds.
    current: Option<f64>,
    /// What is wanted; it may be exceeded.
    target: Option<f64>,
}

impl From<RuleProgress> for ProgressView {
    fn from(progress: RuleProgress) -> Self {
        Self {
            rule: progress.rule.id.to_string(),
            achievement: progress.rule.achievement.to_string(),
            held: progress.is_held,
            parked: progress.is_parked,
            requirements: progress.steps.into_iter().map(RequirementProgress::from).collect(),
        }
    }
}

impl From<Step> for RequirementProgress {
    fn from(step: Step) -> Self {
        let (current, target) = step.measured.map(|measured| (measured.current, measured.target)).unzip();
        Self { id: step.requirement.id, text: step.requirement.text, current, target }
    }
}

/// How far a subject is with each rule at work, as the criteria plugin said when it last folded an event of the subject.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/progress", tag = "rules", params(ProgressOf),
    responses((status = 200, body = Listed<ProgressView>)))]
async fn progress_of_subject(
    State(state): State<AppState>,
    within: Within<Read>,
    QueryOf(query): QueryOf<ProgressOf>,
) -> Result<Json<Listed<ProgressView>>, Problem> {
    let progress = rules::progress(&state.house, within.organisation.id, query.subject).await?;
    Ok(Listed::all(progress.into_iter().map(ProgressView::from).collect()))
}
