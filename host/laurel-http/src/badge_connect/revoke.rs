//! `POST /ims/ob/v3p0/revoke`: a client gives a token back (RFC 7009).

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::clients;
use serde::Deserialize;

use super::oauth::{Authenticated, Parameters, Refusal};
use crate::state::AppState;

/// Which token. The hint that RFC 7009 allows is not needed.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    token: String,
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    Authenticated(client): Authenticated,
    Parameters(asked): Parameters<Asked>,
) -> Result<StatusCode, Refusal> {
    clients::revoke(&state.house, &client, &asked.token).await?;
    Ok(StatusCode::OK)
}
