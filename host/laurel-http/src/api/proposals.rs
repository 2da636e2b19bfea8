//! `/v1/organisations/{organisation}/proposals`: what events said of identities, for somebody to accept or dismiss.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::id::ProposalId;
use laurel_core::proposals::{self, Proposal};
use laurel_core::subjects::Identifier;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::subjects::{SubjectDetails, details};
use crate::auth::{Manage, PathId, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_proposals))
        .routes(routes!(accept_proposal))
        .routes(routes!(dismiss_proposal))
}

/// An event said that an identifier is a subject's; nobody decided yet.
#[derive(Debug, Serialize, ToSchema)]
struct ProposalView {
    #[schema(format = "uuid")]
    id: String,
    /// To whom the event was attributed.
    #[schema(format = "uuid")]
    subject: String,
    identifier: Identifier,
    /// The subject that the identifier leads to: accepting merges it into `subject`. Null if it leads nowhere: accepting links it.
    #[schema(format = "uuid")]
    leads_to: Option<String>,
    /// Source of the first event that said so.
    source: String,
    /// The id of that event.
    event: String,
    #[schema(format = "date-time")]
    since: String,
}

impl From<Proposal> for ProposalView {
    fn from(proposal: Proposal) -> Self {
        Self {
            id: proposal.id.to_string(),
            subject: proposal.subject.to_string(),
            identifier: proposal.identifier,
            leads_to: proposal.leads_to.map(|id| id.to_string()),
            source: proposal.source,
            event: proposal.event,
            since: proposal.since.to_string(),
        }
    }
}

/// What events proposed and nobody decided. An event cannot attach an e-mail address or a DID to an account that is known, nor merge two
/// subjects; it proposes. At most sixteen are open for one subject.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/proposals", tag = "subjects", params(PageQuery),
    responses((status = 200, body = Listed<ProposalView>)))]
async fn list_proposals(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<ProposalView>>, Problem> {
    Ok(Listed::page(state.house.store.proposals(within.organisation.id, page).await?, ProposalView::from))
}

/// Lets the identifier lead to the subject, verified. The subject that it leads to so far is merged into this one; the rules fold both
/// histories anew, in the background.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/proposals/{id}/accept", tag = "subjects",
    responses((status = 200, body = SubjectDetails)))]
async fn accept_proposal(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<ProposalId>,
) -> Result<Json<SubjectDetails>, Problem> {
    let subject = proposals::accept(&state.house, within.organisation.id, id).await?;
    details(&state, subject).await
}

/// Dismisses a proposal, for good.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/proposals/{id}/dismiss", tag = "subjects",
    responses((status = 204, description = "It is not proposed again.")))]
async fn dismiss_proposal(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<ProposalId>,
) -> Result<StatusCode, Problem> {
    proposals::dismiss(&state.house, within.organisation.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
