//! `GET|POST /sign-in/{secret}`: a link of an organisation is opened. Looking at it does nothing, since programs that preview links look
//! too; pressing the button uses it up.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::sign_in::{self, Earner};
use laurel_core::{Error, House};

use super::emblem::clean;
use super::frame::{Frame, PageError, go, message, private_page, stale_form};
use crate::session;
use crate::state::AppState;

/// The button.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    frame: Frame,
    place: String,
    name: Option<String>,
    organisation: String,
}

/// `GET`
pub(crate) async fn ask(State(state): State<AppState>, Path(secret): Path<String>) -> Response {
    match sign_in::invitation(&state.house, &secret).await {
        Ok(earner) => private_page(StatusCode::OK, &view(&earner, &secret), None),
        Err(error) => refusal(error),
    }
}

/// `POST`
pub(crate) async fn redeem(State(state): State<AppState>, Path(secret): Path<String>, headers: HeaderMap) -> Response {
    if !session::is_same_site(&headers) {
        return stale_form();
    }
    match sign_in::redeem(&state.house, &secret).await {
        Ok(session) => begin(&state.house, &headers, &session),
        Err(error) => refusal(error),
    }
}

/// Into the session, and on to where the visitor wanted to go before.
fn begin(house: &House, headers: &HeaderMap, secret: &str) -> Response {
    let way = session::way(house, headers, &format!("{}?", super::authorize_place()));
    let mut response = go(way.unwrap_or("/account"));
    for cookie in [session::begin(house, secret), session::forget_way(house)].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn view(earner: &Earner, secret: &str) -> SignInPage {
    let organisation = clean(&earner.organisation.name);
    SignInPage {
        frame: Frame::unlisted("Sign in", format!("Sign in to your badges of {organisation}.")),
        place: format!("/sign-in/{secret}"),
        name: earner.subject.name.as_deref().map(clean).filter(|name| !name.is_empty()),
        organisation,
    }
}

fn refusal(error: Error) -> Response {
    match error {
        Error::NotFound(_) => message(
            StatusCode::GONE,
            "This link has ended",
            "A sign-in link works once, and for 15 minutes. Ask for a new one where you found this one: in your course, portal or forum.",
        ),
        other => PageError::from(other).into_response(),
    }
}
