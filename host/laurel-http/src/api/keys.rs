//! `/v1/organisations/{organisation}/keys`: what credentials are signed with. The private half never shows.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::credentials::{self, Key, KeyState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Manage, PathId, Read, Within};
use crate::body::{Json, Listed};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_keys, rotate_key)).routes(routes!(change_key))
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
struct KeyView {
    #[schema(format = "uuid")]
    id: String,
    /// The public half as Multikey (`z6Mk…` Ed25519, `zDn…` P-256, `z4MX…` RSA).
    public: String,
    state: KeyState,
    #[schema(format = "date-time")]
    created: String,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self { id: key.id.to_string(), public: key.public, state: key.state, created: key.created.to_string() }
    }
}

/// The life of a key goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeKey {
    /// `retired`, or `compromised` (nothing it signed is believed any more).
    state: KeyState,
}

/// All keys, oldest first.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/keys", tag = "keys",
    responses((status = 200, body = Listed<KeyView>)))]
async fn list_keys(State(state): State<AppState>, within: Within<Read>) -> Result<Json<Listed<KeyView>>, Problem> {
    let keys = state.house.store.keys(within.organisation.id).await?;
    Ok(Listed::all(keys.into_iter().map(KeyView::from).collect()))
}

/// Makes a fresh key that signs from now on; the one before is retiring, and what it signed stays valid. Only for a `did:web`.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/keys", tag = "keys",
    responses((status = 201, body = KeyView)))]
async fn rotate_key(
    State(state): State<AppState>,
    within: Within<Manage>,
) -> Result<(StatusCode, Json<KeyView>), Problem> {
    let key = credentials::rotate(&state.house, &within.organisation).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// Retires a key that is retiring, or declares a key compromised: this host believes nothing that it signed any more. Of a `did:web` no
/// other verifier does either, and a fresh key takes over. A `did:key` cannot be taken back: everything issued with a status is revoked, in
/// status lists that the key signs as its last act, but what somebody else signs with it verifies elsewhere for ever. The organisation
/// issues again, under another `did:key`, when a fresh key is added.
#[utoipa::path(put, path = "/v1/organisations/{organisation}/keys/{id}/state", tag = "keys", request_body = ChangeKey,
    responses((status = 200, body = KeyView)))]
async fn change_key(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<laurel_core::id::KeyId>,
    Json(change): Json<ChangeKey>,
) -> Result<Json<KeyView>, Problem> {
    let key = credentials::change_key_state(&state.house, &within.organisation, id, change.state).await?;
    Ok(Json(key.into()))
}
