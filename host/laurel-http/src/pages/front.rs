//! `GET /`: what this is.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Frame, page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "front.html")]
pub(crate) struct FrontPage {
    frame: Frame,
}

/// The view.
pub(crate) fn view() -> FrontPage {
    let description = "Badges that are awarded by what people did, signed, and verifiable by anyone.";
    FrontPage { frame: Frame::public("Laurel – verifiable badges", description) }
}

/// `GET /`
pub(crate) async fn show() -> Response {
    page(StatusCode::OK, &view(), true)
}
