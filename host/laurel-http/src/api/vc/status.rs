//! `POST /vc/{organisation}/credentials/status`

use axum::extract::State;
use laurel_core::error::Problem as Fault;
use laurel_core::status::{self, Purpose, StatusChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Award, Within};
use crate::body::Json;
use crate::problem::Problem;
use crate::state::AppState;

/// What the host issues.
const ENTRY: &str = "BitstringStatusListEntry";

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(change_status))
}

/// Which credential, and what is to become of its statuses. Members that the VC-API may add are passed over.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StatusBody {
    /// The `id` of a credential that was issued here with a status.
    credential_id: String,
    /// All of them are changed, or none.
    credential_status: Vec<StatusBit>,
}

/// One bit.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StatusBit {
    /// `BitstringStatusListEntry`
    #[serde(rename = "type")]
    kind: String,
    /// `revocation`, which is for ever, or `suspension`.
    #[schema(value_type = String)]
    status_purpose: Purpose,
    /// Whether the bit is set.
    #[schema(value_type = bool)]
    #[serde(deserialize_with = "bit")]
    status: bool,
}

/// `true`, or `"1"` as some write it.
fn bit<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Bit {
        Truth(bool),
        Text(String),
    }
    match Bit::deserialize(reader).map_err(|_| serde::de::Error::custom("must be true or false"))? {
        Bit::Truth(set) => Ok(set),
        Bit::Text(text) if text == "1" => Ok(true),
        Bit::Text(text) if text == "0" => Ok(false),
        Bit::Text(_) => Err(serde::de::Error::custom("must be true or false, \"1\" or \"0\"")),
    }
}

/// Revokes, suspends or reinstates a credential that was issued here with a status. Its status lists tell verifiers at their next
/// publication. Credentials of awards change with their award.
#[utoipa::path(post, path = "/vc/{organisation}/credentials/status", tag = "vc-api", request_body = StatusBody,
    responses((status = 200, body = StatusBody)))]
async fn change_status(
    State(state): State<AppState>,
    within: Within<Award>,
    Json(body): Json<StatusBody>,
) -> Result<Json<StatusBody>, Problem> {
    let strange = body.credential_status.iter().position(|entry| entry.kind != ENTRY);
    if let Some(index) = strange {
        let fault =
            Fault::at(format!("/credentialStatus/{index}/type"), format!("must be {ENTRY}, which is issued here"));
        return Err(Problem::invalid(vec![fault]));
    }
    let changes = body.credential_status.iter();
    let changes: Vec<StatusChange> =
        changes.map(|entry| StatusChange { purpose: entry.status_purpose, set: entry.status }).collect();
    status::change(&state.house, within.organisation.id, &body.credential_id, &changes).await?;
    Ok(Json(body))
}
