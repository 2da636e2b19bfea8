//! `GET /credentials/{id}`: the page an earner shares and a verifier reads, and the exact signed bytes for machines.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::awards::Award;
use laurel_core::credentials::{self, Shown};
use laurel_core::id::{ImageId, PublicId};
use laurel_core::images;
use laurel_core::{Error, House};
use std::sync::Arc;

use super::card::{self, Card};
use super::credential_view::{CredentialPage, view};
use super::dates::Day;
use super::emblem::{self, EmblemFace};
use super::frame::{Frame, PageError, page};
use super::issued;
use super::negotiate::{Preferred, preferred};
use super::png::Painter;
use super::status::Status;
use crate::problem::Problem;
use crate::public::{CREDENTIAL, media_type, picture};
use crate::state::AppState;

/// Seconds after which somebody who waits for a signature may look again.
const SIGNED_SOON: u32 = 2;

/// How a credential is kept: as a document, as a token.
const FILES: (&str, &str) = (r#"attachment; filename="credential.json""#, r#"attachment; filename="credential.jwt""#);

/// The award waits for its signature.
#[derive(Debug, Template)]
#[template(path = "pending.html")]
struct PendingPage {
    frame: Frame,
    title: String,
    issuer: String,
}

/// `GET /credentials/{id}`
pub(crate) async fn show(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let wanted = preferred(&headers);
    match (find(&state.house, &id).await, wanted) {
        (Ok(shown), Preferred::Json(media)) => document(shown.document, media),
        (Ok(shown), Preferred::Html) if shown.document.is_none() => pending(&shown),
        (Ok(shown), Preferred::Html) => {
            let view: CredentialPage = view(&shown, &state.house.base_url, state.house.clock.now());
            page(StatusCode::OK, &view, false)
        }
        // It may be one that no award stands behind.
        (Err(Error::NotFound(_)), wanted) => issued::show(&state, &id, wanted).await,
        (Err(error), Preferred::Json(_)) => Problem::from(error).into_response(),
        (Err(error), Preferred::Html) => PageError::from(error).into_response(),
    }
}

/// `GET /credentials/{id}/credential.json` and `…/credential.jwt`: the exact bytes, to be kept.
pub(crate) async fn download(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let mut response = match find(&state.house, &id).await {
        Err(Error::NotFound(_)) => served(issued::find(&state.house, &id).await?.document, "application/json"),
        found => document(found?.document, "application/json"),
    };
    let is_token = response.headers().get(header::CONTENT_TYPE).is_some_and(|media| media == "application/vc+jwt");
    let kept = if is_token { FILES.1 } else { FILES.0 };
    let kept = HeaderValue::from_static(kept);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, kept);
    Ok(response)
}

/// `GET /credentials/{id}/refresh`: the refresh service that the credential names. Whoever has the credential knows the address, and both
/// answers are as public as what they already see.
pub(crate) async fn refresh(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: PublicId = id.parse().map_err(|_| Problem::not_found("credential"))?;
    Ok(document(credentials::refresh(&state.house, id).await?, CREDENTIAL))
}

/// `GET /credentials/{id}/emblem.svg`
pub(crate) async fn emblem_svg(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    shown_as(&state.house, shown.achievement.version.text.image, || face(&shown)).await
}

/// The organisation's own picture, or the drawn emblem. Either way nothing in it may run, so the name `.svg` does no harm.
pub(super) async fn shown_as(
    house: &House,
    own: Option<ImageId>,
    face: impl FnOnce() -> EmblemFace,
) -> Result<Response, PageError> {
    match own {
        // The next version of the text may show another one: the address lasts longer than its picture.
        Some(id) => Ok(picture(images::find(house, id).await?, "public, max-age=3600")),
        None => Ok(svg(&emblem::svg(&face()))),
    }
}

/// `GET /credentials/{id}/og.png`: the picture for link previews.
pub(crate) async fn card_png(
    State(state): State<AppState>,
    Extension(painter): Extension<Arc<Painter>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    let face = face(&shown);
    let status = Status::of_credential(&shown, state.house.clock.now());
    let line = issued_line(&shown.award);
    let warning = (!status.is_valid()).then(|| status.word());
    let drawing = card::svg(&Card { face: &face, line, warning });
    Ok(match painter.paint(drawing).await {
        Ok(picture) => {
            let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=300")];
            (headers, picture.to_vec()).into_response()
        }
        Err(error) => Problem::internal(error.to_string()).into_response(),
    })
}

/// An emblem as its own document. It changes only with the achievement's text, but may be looked at by anyone's browser: nothing in
/// it may run.
pub(crate) fn svg(drawing: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, drawing.to_owned()).into_response()
}

pub(super) async fn find(house: &House, id: &str) -> Result<Shown, Error> {
    let id: PublicId = id.parse().map_err(|_| Error::NotFound("credential"))?;
    credentials::show(house, id).await
}

/// The stored bytes, or that they are to come.
fn document(signed: Option<Vec<u8>>, media: &'static str) -> Response {
    let Some(bytes) = signed else {
        let soon = [(header::RETRY_AFTER, HeaderValue::from(SIGNED_SOON))];
        let body = axum::Json(serde_json::json!({"status": "being-signed"}));
        return (StatusCode::ACCEPTED, soon, body).into_response();
    };
    served(bytes, media)
}

/// Exact bytes, for a client that asked for `media`.
pub(super) fn served(bytes: Vec<u8>, media: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type(&bytes, media)),
        (header::VARY, "Accept"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

fn pending(shown: &Shown) -> Response {
    let title = shown.achievement.version.text.name.clone();
    let frame = Frame::unlisted(title.clone(), "This credential is being signed.");
    let view = PendingPage { frame, title, issuer: shown.organisation.name.clone() };
    let mut response = page(StatusCode::ACCEPTED, &view, false);
    response.headers_mut().insert(header::RETRY_AFTER, SIGNED_SOON.into());
    response
}

/// The emblem of a credential.
pub(crate) fn face(shown: &Shown) -> EmblemFace {
    let validity = shown.award.valid_until.map(|until| format!("valid to {}", Day::of(until).month_words()));
    EmblemFace::of(&shown.achievement, &shown.achievement.version, &shown.organisation.name, validity)
}

fn issued_line(award: &Award) -> String {
    let issued = Day::of(award.awarded).words;
    match award.valid_until {
        Some(until) => format!("Issued {issued} · valid to {}", Day::of(until).words),
        None => format!("Issued {issued}"),
    }
}
