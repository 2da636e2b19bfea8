//! `GET|POST /verify`: one form (an address, a pasted document or a file), and an answer in plain words with each check.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use laurel_core::credentials::{self, MAX_DOCUMENT, MAX_IMAGE, Presented, Surroundings, Unreadable, Verified};
use serde::Deserialize;

use super::assets;
use super::frame::{Frame, PageError, page, verifying_page};
use super::verify_view::{Answer, answer};
use crate::problem::Problem;
use crate::state::AppState;

/// Bytes of a whole form: an image and what a browser wraps around it.
pub(crate) const MAX_FORM: usize = MAX_IMAGE + 64 * 1024;

/// The page.
#[derive(Debug, Template)]
#[template(path = "verify.html")]
pub(crate) struct VerifyPage {
    pub(crate) frame: Frame,
    /// What stands in the form.
    pub(crate) url: String,
    pub(crate) pasted: String,
    pub(crate) recipient: String,
    /// What was wrong with what was presented.
    pub(crate) problem: Option<String>,
    pub(crate) answer: Option<Answer>,
    /// Where the module is that verifies in the visitor's browser, if this host has it.
    pub(crate) verifier: Option<String>,
    /// Keys of this house that it must not believe, as Multikeys with spaces between them.
    pub(crate) distrusted: String,
}

impl VerifyPage {
    /// Where the script is that runs the verifier.
    pub(crate) fn script(&self) -> &'static str {
        assets::verify_script()
    }

    /// The form as this host shows it.
    async fn of(state: &AppState) -> Self {
        let Some(module) = &state.config.browser_verifier else { return Self::empty() };
        match state.house.store.compromised_keys().await {
            Ok(keys) => Self { verifier: Some(module.address().clone()), distrusted: keys.join(" "), ..Self::empty() },
            Err(error) => {
                tracing::warn!(%error, "without the store no browser can know whom not to believe");
                Self::empty()
            }
        }
    }

    /// Answered.
    fn show(&self, status: StatusCode) -> Response {
        if self.verifier.is_some() { verifying_page(status, self) } else { page(status, self, true) }
    }

    /// The empty form.
    pub(crate) fn empty() -> Self {
        let description =
            "Check any Open Badge or verifiable credential: its signature, validity, revocation and issuer.";
        let frame = Frame::public("Verify a credential", description);
        let (url, pasted, recipient) = (String::new(), String::new(), String::new());
        Self { frame, url, pasted, recipient, problem: None, answer: None, verifier: None, distrusted: String::new() }
    }
}

/// What a link to the form may say.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    url: Option<String>,
}

/// `GET /verify?url=`: answers at once for credentials of this house; fills in the form for others, so that nobody makes this host
/// fetch anything by spreading a link.
pub(crate) async fn form(State(state): State<AppState>, Query(asked): Query<Asked>) -> Response {
    let url = asked.url.unwrap_or_default();
    if url.starts_with(&format!("{}/credentials/", state.house.base_url)) {
        let form = Form { url, ..Form::default() };
        return respond(&state, form, false).await;
    }
    VerifyPage { url, ..VerifyPage::of(&state).await }.show(StatusCode::OK)
}

/// What was sent.
#[derive(Debug, Default)]
struct Form {
    url: String,
    pasted: String,
    recipient: String,
    file: Vec<u8>,
}

/// `POST /verify`
pub(crate) async fn check(State(state): State<AppState>, multipart: Multipart) -> Response {
    match read(multipart).await {
        Ok(form) => respond(&state, form, true).await,
        Err((status, problem)) => VerifyPage { problem: Some(problem), ..VerifyPage::of(&state).await }.show(status),
    }
}

async fn read(mut multipart: Multipart) -> Result<Form, (StatusCode, String)> {
    let mut form = Form::default();
    let refuse = |error: axum::extract::multipart::MultipartError| {
        let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let words = if too_large {
            format!(
                "That is too much: a document has at most {} kB, an image {} kB.",
                MAX_DOCUMENT / 1024,
                MAX_IMAGE / 1024
            )
        } else {
            "The form could not be read. Please try again.".to_owned()
        };
        (error.status(), words)
    };
    while let Some(field) = multipart.next_field().await.map_err(refuse)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(refuse)?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "url" => form.url = text(),
            "document" => form.pasted = text(),
            "recipient" => form.recipient = text(),
            "file" => form.file = bytes.to_vec(),
            _ => {}
        }
    }
    Ok(form)
}

async fn respond(state: &AppState, form: Form, fetch: bool) -> Response {
    let turn = match state.turn() {
        Ok(turn) => turn,
        Err(busy) => return PageError::from(busy).into_response(),
    };
    let work = {
        let state = state.clone();
        async move {
            let verified = verify(&state, &form, fetch).await;
            (verified, form)
        }
    };
    let (verified, form) = match turn.take(work).await {
        Ok(done) => done,
        Err(error) => return PageError::from(error).into_response(),
    };
    let (status, problem, answer) = match verified {
        Ok(verified) => (StatusCode::OK, None, Some(answer(&verified))),
        Err(Unreadable::House(error)) => return Problem::from(error).into_response(),
        Err(unreadable) => (StatusCode::UNPROCESSABLE_ENTITY, Some(unreadable.to_string()), None),
    };
    let Form { url, pasted, recipient, .. } = form;
    VerifyPage { url, pasted, recipient, problem, answer, ..VerifyPage::of(state).await }.show(status)
}

async fn verify(state: &AppState, form: &Form, fetch: bool) -> Result<Verified, Unreadable> {
    let presented = match form {
        Form { file, .. } if !file.is_empty() => Presented::Document(file),
        Form { pasted, .. } if !pasted.trim().is_empty() => Presented::Document(pasted.trim().as_bytes()),
        Form { url, .. } => Presented::Url(url),
    };
    let (outbound, recipient) = (state.outbound.as_deref().filter(|_| fetch), Some(form.recipient.as_str()));
    let around = Surroundings { outbound, recipient, open_badges_2: true, ..state.surroundings() };
    credentials::verify(presented, around).await
}
