//! `/v1/organisations/{organisation}/parked`: rules that stopped for a subject, and the operator's word about them.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::events::{self, ParkedRule, Unpark};
use laurel_core::id::{RuleId, SubjectId};
use laurel_core::pipeline::Trigger;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_parked)).routes(routes!(retry_parked)).routes(routes!(skip_parked))
}

/// Which rule for which subject.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ParkedPair {
    #[schema(value_type = String, format = "uuid")]
    rule: RuleId,
    #[schema(value_type = String, format = "uuid")]
    subject: SubjectId,
}

/// At what a rule stopped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum StoppedBy {
    /// An event: skipping leaves it out.
    Event,
    /// A wake-up (expiry, the end of a window): skipping leaves it out, and no event.
    WakeUp,
    /// Nothing: the rule was paused, its installation disabled, or its plugin replaced. It goes on by itself once it can.
    Pause,
}

/// A rule that stopped for one subject.
#[derive(Debug, Serialize, ToSchema)]
struct ParkedView {
    #[schema(format = "uuid")]
    rule: String,
    #[schema(format = "uuid")]
    subject: String,
    /// Sequence number of the first event not folded.
    blocked_from: i64,
    stopped_by: StoppedBy,
    error: String,
    #[schema(format = "date-time")]
    since: String,
}

impl From<ParkedRule> for ParkedView {
    fn from(parked: ParkedRule) -> Self {
        Self {
            rule: parked.rule.to_string(),
            subject: parked.subject.to_string(),
            blocked_from: parked.blocked_from,
            stopped_by: match parked.trigger {
                Some(Trigger::Event { .. }) => StoppedBy::Event,
                Some(Trigger::Wake { .. }) => StoppedBy::WakeUp,
                None => StoppedBy::Pause,
            },
            error: parked.error,
            since: parked.since.to_string(),
        }
    }
}

/// Everything that is parked.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/parked", tag = "parked", params(PageQuery),
    responses((status = 200, body = Listed<ParkedView>)))]
async fn list_parked(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<ParkedView>>, Problem> {
    Ok(Listed::page(state.house.store.parked(within.organisation.id, page).await?, ParkedView::from))
}

/// Folds the subject's events again from the beginning. It happens in the background, in order.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/parked/retry", tag = "parked",
    request_body = ParkedPair, responses((status = 202, description = "The pipeline was told.")))]
async fn retry_parked(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(pair): Json<ParkedPair>,
) -> Result<StatusCode, Problem> {
    events::unpark(&state.house, within.organisation.id, pair.rule, pair.subject, Unpark::Retry).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Leaves out the event or wake-up at which the rule stopped, for good, and folds again. It happens in the background, in order.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/parked/skip", tag = "parked",
    request_body = ParkedPair, responses((status = 202, description = "The pipeline was told.")))]
async fn skip_parked(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(pair): Json<ParkedPair>,
) -> Result<StatusCode, Problem> {
    events::unpark(&state.house, within.organisation.id, pair.rule, pair.subject, Unpark::Skip).await?;
    Ok(StatusCode::ACCEPTED)
}
