//! `POST /ims/ob/v3p0/token`: a client fetches its tokens.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use laurel_core::clients::{self, ACCESS_LIFE, ClientScope, Issued, Redemption, Refreshing, RefusalCode};
use serde::{Deserialize, Serialize};

use super::oauth::{Authenticated, Parameters, Refusal, secret};
use crate::state::AppState;

/// What is asked; parameters beyond these are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    scope: Option<String>,
}

/// RFC 6749, section 5.1.
#[derive(Debug, Serialize)]
struct Tokens {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    scope: String,
}

pub(super) async fn issue(
    State(state): State<AppState>,
    Authenticated(client): Authenticated,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Refusal> {
    let scope = asked.scope.as_deref();
    let issued = match asked.grant_type.as_deref() {
        Some("authorization_code") => {
            let redemption = Redemption {
                code: present(asked.code.as_ref(), "code")?,
                redirect_uri: present(asked.redirect_uri.as_ref(), "redirect_uri")?,
                verifier: present(asked.code_verifier.as_ref(), "code_verifier")?,
                scope,
            };
            clients::redeem(&state.house, &client, redemption).await?
        }
        Some("refresh_token") => {
            let refreshing = Refreshing { token: present(asked.refresh_token.as_ref(), "refresh_token")?, scope };
            clients::refresh(&state.house, &client, refreshing).await?
        }
        Some(_) => {
            let why = "the grant_type is authorization_code or refresh_token".to_owned();
            return Err(Refusal::Refused(RefusalCode::UnsupportedGrantType, why));
        }
        None => return Err(missing("grant_type")),
    };
    let Issued { access_token, refresh_token, scopes } = issued;
    let expires_in = ACCESS_LIFE / 1000;
    let scope = ClientScope::write_list(&scopes);
    Ok(secret(StatusCode::OK, &Tokens { access_token, refresh_token, token_type: "Bearer", expires_in, scope }))
}

fn present<'a>(value: Option<&'a String>, name: &str) -> Result<&'a str, Refusal> {
    value.map(String::as_str).filter(|value| !value.is_empty()).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Refusal {
    Refusal::Refused(RefusalCode::InvalidRequest, format!("the {name} is missing"))
}
