//! `POST /vc/{organisation}/credentials/issue`

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::credentials::{self, IssueRequest};
use laurel_core::status::Purpose;
use laurel_openbadges::contexts::CREDENTIALS_V2;
use laurel_openbadges::jwt::is_token;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Award, Within};
use crate::body::Json;
use crate::problem::{MALFORMED, Problem};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(issue))
}

/// A credential to be signed. Members that the VC-API may add are passed over.
#[derive(Debug, Deserialize, ToSchema)]
struct IssueBody {
    /// The unsigned credential (data model 2.0 or 1.1). Its `issuer` is the organisation's identifier; it has no `credentialStatus`.
    #[schema(value_type = Object)]
    credential: Option<Box<RawValue>>,
    options: Option<Options>,
}

/// What else is wished.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Options {
    /// The `id` for a credential that has none.
    credential_id: Option<String>,
    /// Give it a place in a status list. If the credential has an `id`, its status can be changed later.
    credential_status: Option<StatusWish>,
}

/// Which status lists.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StatusWish {
    /// `revocation`, `suspension`, or both; `revocation` if left out.
    #[schema(value_type = Vec<String>)]
    status_purpose: Option<Purposes>,
}

/// One or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Purposes {
    One(Purpose),
    Several(Vec<Purpose>),
}

/// What was signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Issued {
    /// The credential with its proof; from an organisation whose credentials are tokens, an `EnvelopedVerifiableCredential`.
    #[schema(value_type = Object)]
    verifiable_credential: Box<RawValue>,
}

/// Signs a credential that the caller composed. It is not kept: only the place of its status is, if it has one and an `id`.
#[utoipa::path(post, path = "/vc/{organisation}/credentials/issue", tag = "vc-api", request_body = IssueBody,
    responses((status = 201, body = Issued)))]
async fn issue(
    State(state): State<AppState>,
    within: Within<Award>,
    Json(body): Json<IssueBody>,
) -> Result<(StatusCode, Json<Issued>), Problem> {
    let credential = body.credential.ok_or_else(|| Problem::new(&MALFORMED, "there is no `credential`"))?;
    let options = body.options.unwrap_or_default();
    let purposes = match options.credential_status.map(|wish| wish.status_purpose) {
        None => Vec::new(),
        Some(None) => vec![Purpose::Revocation],
        Some(Some(Purposes::One(purpose))) => vec![purpose],
        Some(Some(Purposes::Several(mut purposes))) => {
            purposes.dedup();
            purposes
        }
    };
    let around = state.surroundings();
    let request = IssueRequest { credential: credential.get().as_bytes(), id: options.credential_id, purposes, around };
    let signed = credentials::issue(&state.house, &within.organisation, request).await?;
    let text = String::from_utf8(signed).map_err(|why| Problem::internal(why.to_string()))?;
    let text = if is_token(text.as_bytes()) { enveloped(&text) } else { text };
    let verifiable_credential = RawValue::from_string(text).map_err(|why| Problem::internal(why.to_string()))?;
    Ok((StatusCode::CREATED, Json(Issued { verifiable_credential })))
}

/// A token where JSON is wanted (VC Data Model 2.0, section 4.12.1).
fn enveloped(token: &str) -> String {
    let id = format!("data:application/vc+jwt,{token}");
    serde_json::json!({ "@context": CREDENTIALS_V2, "id": id, "type": "EnvelopedVerifiableCredential" }).to_string()
}
