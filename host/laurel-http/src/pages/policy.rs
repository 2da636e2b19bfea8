//! `GET /policy`: what this host keeps of earners, and who sees it; the operator's own documents, if the operator named any.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, page};
use crate::state::AppState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "policy.html")]
pub(crate) struct PolicyPage {
    frame: Frame,
    privacy: Option<String>,
    terms: Option<String>,
}

/// `GET /policy`
pub(crate) async fn show(State(state): State<AppState>) -> Response {
    let frame = Frame::public("What is kept here", "What this host keeps of earners, who sees it, and on which terms.");
    let privacy = state.config.privacy_policy.clone();
    let terms = state.config.terms.clone();
    page(StatusCode::OK, &PolicyPage { frame, privacy, terms }, true)
}
