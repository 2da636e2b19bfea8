//! `/ims/ob/v3p0/…`: the Badge Connect API of Open Badges 3.0 (sections 6 and 7), as a host that keeps an earner's badges.
//!
//! It describes itself at `/ims/ob/v3p0/discovery`. Its errors have the form that 1EdTech gives them ([`status_info`]); those of
//! registration, tokens and revocation the form of OAuth 2.0 ([`oauth`]). The page on which an earner consents is one of
//! the pages (`pages/authorize.rs`).

mod credentials;
mod discovery;
mod oauth;
mod profile;
mod register;
mod revoke;
mod status_info;
mod token;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::routing::{get, post};
use laurel_core::clients::{self, Access};
use laurel_core::credentials::MAX_DOCUMENT;
use laurel_core::{Error, House};

use crate::auth::bearer;
use crate::state::AppState;
use status_info::StatusInfo;

/// Bytes of every body but a credential's.
const MAX_BODY: usize = 64 * 1024;

/// The API's places.
pub(crate) fn routes() -> Router<AppState> {
    let credentials = get(credentials::list).post(credentials::upsert).layer(DefaultBodyLimit::max(MAX_DOCUMENT));
    Router::new()
        .route(&place("profile"), get(profile::show).put(profile::change))
        .route(&place("register"), post(register::register))
        .route(&place("token"), post(token::issue))
        .route(&place("revoke"), post(revoke::revoke))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route(&place("discovery"), get(discovery::show))
        .route(&place("credentials"), credentials)
        .method_not_allowed_fallback(status_info::no_such_method)
}

/// A path of the API.
pub(crate) fn place(name: &str) -> String {
    format!("/ims/ob/v3p0/{name}")
}

/// The whole address of a place of the API.
fn address(house: &House, name: &str) -> String {
    format!("{}{}", house.base_url, place(name))
}

/// A client at work for an earner.
struct Bearer(Access);

impl FromRequestParts<AppState> for Bearer {
    type Rejection = StatusInfo;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, StatusInfo> {
        let secret = bearer(&parts.headers).filter(|secret| secret.len() <= 200).ok_or(Error::Unauthorized)?;
        Ok(Self(clients::access(&state.house, secret).await?))
    }
}
