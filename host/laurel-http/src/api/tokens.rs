//! Tokens of an organisation (`/v1/organisations/{organisation}/tokens`) and of the platform (`/v1/tokens`).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use laurel_core::id::{OrganisationId, TokenId};
use laurel_core::tokens::{self, Assertions, NewToken, Scope, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, Operator, PathId, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::idempotency::Replay;
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(issue_token, list_tokens))
        .routes(routes!(revoke_token))
        .routes(routes!(issue_platform_token, list_platform_tokens))
        .routes(routes!(revoke_platform_token))
}

/// A token to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueToken {
    /// What it is for.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// With the scope `events`: what its events may claim.
    #[serde(default)]
    assertions: Option<Assertions>,
}

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TokenView {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    organisation: Option<String>,
    name: String,
    scopes: Vec<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assertions: Option<Assertions>,
    #[schema(format = "date-time")]
    created: String,
    #[schema(format = "date-time")]
    revoked: Option<String>,
}

/// A new token. `secret` is shown this once; a repeated request gets it as null.
#[derive(Debug, Serialize, ToSchema)]
struct IssuedToken {
    #[serde(flatten)]
    token: TokenView,
    /// For the header `Authorization: Bearer`.
    secret: Option<String>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.to_string(),
            organisation: token.organisation.map(|id| id.to_string()),
            name: token.name,
            scopes: token.scopes,
            assertions: token.assertions,
            created: token.created.to_string(),
            revoked: token.revoked.map(|at| at.to_string()),
        }
    }
}

async fn issue(state: &AppState, organisation: Option<OrganisationId>, new: IssueToken) -> Result<Response, Problem> {
    let IssueToken { name, scopes, assertions } = new;
    let (token, secret) = tokens::issue(&state.house, NewToken { organisation, name, scopes, assertions }).await?;
    let token = TokenView::from(token);
    let replay = serde_json::to_vec(&IssuedToken { token: token.clone(), secret: None }).unwrap_or_default();
    let mut response = (StatusCode::CREATED, Json(IssuedToken { token, secret: Some(secret) })).into_response();
    response.extensions_mut().insert(Replay(replay));
    Ok(response)
}

async fn revoke(state: &AppState, organisation: Option<OrganisationId>, id: TokenId) -> Result<StatusCode, Problem> {
    tokens::revoke(&state.house, organisation, id).await?;
    state.tokens.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a token of the organisation. Its secret is shown this once.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/tokens", tag = "tokens", request_body = IssueToken,
    responses((status = 201, body = IssuedToken)))]
async fn issue_token(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<IssueToken>,
) -> Result<Response, Problem> {
    issue(&state, Some(within.organisation.id), new).await
}

/// The organisation's tokens.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, body = Listed<TokenView>)))]
async fn list_tokens(
    State(state): State<AppState>,
    within: Within<Manage>,
    Paging(page): Paging,
) -> Result<Json<Listed<TokenView>>, Problem> {
    Ok(Listed::page(state.house.store.tokens(Some(within.organisation.id), page).await?, TokenView::from))
}

/// Revokes a token of the organisation. Other replicas follow within seconds.
#[utoipa::path(delete, path = "/v1/organisations/{organisation}/tokens/{id}", tag = "tokens",
    responses((status = 204, description = "It ended.")))]
async fn revoke_token(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<TokenId>,
) -> Result<StatusCode, Problem> {
    revoke(&state, Some(within.organisation.id), id).await
}

/// Makes a token of the platform, good for every organisation within its scopes.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", request_body = IssueToken,
    responses((status = 201, body = IssuedToken)))]
async fn issue_platform_token(
    State(state): State<AppState>,
    _: Operator,
    Json(new): Json<IssueToken>,
) -> Result<Response, Problem> {
    issue(&state, None, new).await
}

/// The platform's tokens.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, body = Listed<TokenView>)))]
async fn list_platform_tokens(
    State(state): State<AppState>,
    _: Operator,
    Paging(page): Paging,
) -> Result<Json<Listed<TokenView>>, Problem> {
    Ok(Listed::page(state.house.store.tokens(None, page).await?, TokenView::from))
}

/// Revokes a token of the platform.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "tokens", responses((status = 204, description = "It ended.")))]
async fn revoke_platform_token(
    State(state): State<AppState>,
    _: Operator,
    PathId(id): PathId<TokenId>,
) -> Result<StatusCode, Problem> {
    revoke(&state, None, id).await
}
