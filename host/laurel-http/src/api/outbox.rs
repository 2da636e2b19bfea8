//! `/v1/organisations/{organisation}/outbox`: what awards and their changes set off.

use axum::extract::State;
use laurel_core::outbox::OutboxRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_outbox))
}

/// A row of the outbox.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxView {
    #[schema(format = "uuid")]
    id: String,
    /// `badge.awarded`, `badge.revoked`, …
    kind: String,
    #[schema(format = "uuid")]
    subject: String,
    /// The id of a credential's award, or of an engagement badge's.
    #[schema(format = "uuid")]
    award: String,
    #[schema(format = "uuid")]
    achievement: String,
    /// The credential's public place; null for an engagement badge.
    credential: Option<String>,
    key: String,
    reason: Option<String>,
    #[schema(format = "date-time")]
    created: String,
}

fn view(state: &AppState, row: OutboxRow) -> OutboxView {
    OutboxView {
        id: row.id.to_string(),
        kind: row.kind,
        subject: row.subject.to_string(),
        award: row.award.to_string(),
        achievement: row.achievement.to_string(),
        credential: row.credential.map(|id| format!("{}/credentials/{id}", state.house.base_url)),
        key: row.key,
        reason: row.reason,
        created: row.created.to_string(),
    }
}

/// Everything in the outbox.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/outbox", tag = "outbox", params(PageQuery),
    responses((status = 200, body = Listed<OutboxView>)))]
async fn list_outbox(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<OutboxView>>, Problem> {
    let page = state.house.store.outbox(within.organisation.id, page).await?;
    Ok(Listed::page(page, |row| view(&state, row)))
}
