//! What every page has in common: its frame, its headers, and how it is answered when there is nothing to show.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use laurel_core::Error;

use super::assets;
use crate::problem::Problem;

/// Nothing runs, nothing is loaded from elsewhere, nobody frames it.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The verify page runs one script of ours and a module of ours, which fetch what a credential names from wherever that is.
const VERIFYING: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    connect-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The frame around a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Title of the window.
    pub(crate) title: String,
    /// One sentence, for previews.
    pub(crate) description: String,
    /// Whether search engines may keep it.
    pub(crate) public: bool,
    /// What link previews show.
    pub(crate) social: Option<Social>,
    /// Where the same thing is for machines.
    pub(crate) alternate: Option<(String, &'static str)>,
}

/// What link previews show: absolute addresses.
#[derive(Clone, Debug)]
pub(crate) struct Social {
    /// The page.
    pub(crate) url: String,
    /// The picture, 1200 by 630.
    pub(crate) image: String,
    /// The picture in words.
    pub(crate) alt: String,
}

impl Frame {
    /// A page that may be found.
    pub(crate) fn public(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { title: title.into(), description: description.into(), public: true, social: None, alternate: None }
    }

    /// A page for those who know its address.
    pub(crate) fn unlisted(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { public: false, ..Self::public(title, description) }
    }

    /// Where the style sheet is.
    pub(crate) fn style(&self) -> &'static str {
        assets::style()
    }

    /// Where the mark is.
    pub(crate) fn mark(&self) -> &'static str {
        assets::mark()
    }
}

/// Renders the verify page, which may verify in the visitor's browser.
pub(crate) fn verifying_page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page(status, template, true);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(VERIFYING));
    response
}

/// Renders a page that only one person is meant to see: nobody keeps a copy. Its forms may lead on to `form_action`, which is the origin of
/// somebody else.
pub(crate) fn private_page(status: StatusCode, template: &impl Template, form_action: Option<&str>) -> Response {
    let mut response = page(status, template, false);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(origin) = form_action {
        let policy = POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"));
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY)),
        );
    }
    response
}

/// Sends a browser somewhere else, after a form.
pub(crate) fn go(place: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(place) else {
        return Problem::internal("a page leads to an address that is none").into_response();
    };
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Renders a page. `public` pages may be found by search engines.
pub(crate) fn page(status: StatusCode, template: &impl Template, public: bool) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => return Problem::internal(format!("page: {error}")).into_response(),
    };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-cache");
    set(header::VARY, "Accept");
    if !public {
        set(HeaderName::from_static("x-robots-tag"), "noindex");
    }
    response
}

/// A page that says why there is nothing to see.
#[derive(Debug, Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    heading: String,
    text: String,
}

impl ErrorPage {
    fn new(heading: &str, text: &str) -> Self {
        let frame = Frame::unlisted(heading, text);
        Self { frame, heading: heading.to_owned(), text: text.to_owned() }
    }
}

/// A page instead of a thing.
pub(crate) fn message(status: StatusCode, heading: &str, text: &str) -> Response {
    page(status, &ErrorPage::new(heading, text), false)
}

/// An error of a use case, for people.
#[derive(Debug)]
pub(crate) struct PageError(Error);

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self.0 {
            Error::NotFound(noun) => not_found(noun),
            Error::Busy { .. } => message(
                StatusCode::SERVICE_UNAVAILABLE,
                "One moment, please",
                "More is going on than this host can do at once. Try again in a few seconds.",
            ),
            other => Problem::from(other).into_response(),
        }
    }
}

/// A form of ours that did not come from a page of ours, or from a session that is over.
pub(crate) fn stale_form() -> Response {
    let text = "This form is out of date, or another site sent it. Nothing was done. Go back, load the page again, and repeat what you did.";
    message(StatusCode::FORBIDDEN, "Once more, please", text)
}

/// There is no such thing.
pub(crate) fn not_found(noun: &str) -> Response {
    let text = format!(
        "There is no {noun} at this address. Check that the whole address was copied, or ask whoever sent it to you."
    );
    message(StatusCode::NOT_FOUND, "Nothing here", &text)
}

/// The page of an error, as it looks.
#[cfg(test)]
pub(crate) fn sample() -> String {
    ErrorPage::new("Nothing here", "There is no credential at this address.").render().unwrap_or_default()
}
