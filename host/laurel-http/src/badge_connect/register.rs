//! `POST /ims/ob/v3p0/register`: a client registers itself (RFC 7591).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use laurel_core::clients::{self, Metadata, RefusalCode};
use serde::Serialize;

use super::oauth::{Refusal, secret};
use crate::body::Raw;
use crate::state::AppState;

/// A client as it was registered.
#[derive(Debug, Serialize)]
struct Registered {
    client_id: String,
    client_secret: String,
    /// Seconds since 1970.
    client_id_issued_at: i64,
    /// Zero: never.
    client_secret_expires_at: i64,
    #[serde(flatten)]
    metadata: Metadata,
}

pub(super) async fn register(State(state): State<AppState>, Raw(body): Raw) -> Result<Response, Refusal> {
    let unread = |why: serde_json::Error| Refusal::Refused(RefusalCode::InvalidClientMetadata, why.to_string());
    let metadata: Metadata = serde_json::from_slice(&body).map_err(unread)?;
    let (client, client_secret) = clients::register(&state.house, metadata).await?;
    let registered = Registered {
        client_id: client.id.to_string(),
        client_secret,
        client_id_issued_at: client.created.0.div_euclid(1000),
        client_secret_expires_at: 0,
        metadata: client.metadata,
    };
    Ok(secret(StatusCode::CREATED, &registered))
}
