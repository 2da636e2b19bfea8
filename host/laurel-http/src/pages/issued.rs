//! `GET /credentials/{id}` of what stands behind no award: endorsements and learner records.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use laurel_core::issued::{self, IssuedKind, ShownIssued};
use laurel_core::time::Timestamp;
use laurel_core::{Error, House};
use serde_json::Value;

use super::address::with_query;
use super::credential::served;
use super::credential_view::said;
use super::dates::Day;
use super::emblem::clean;
use super::frame::{Frame, PageError, page};
use super::markdown::{SafeHtml, is_harmless, render};
use super::negotiate::Preferred;
use super::status::Status;
use crate::problem::Problem;
use crate::public::{CREDENTIAL, media_type};
use crate::state::AppState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "issued.html")]
pub(crate) struct IssuedPage {
    frame: Frame,
    kicker: &'static str,
    title: String,
    issuer: String,
    issuer_url: Option<String>,
    status: Status,
    status_sentence: String,
    issued: Day,
    expires: Option<Day>,
    /// What an endorsement speaks for, and whether that is an address.
    endorses: Option<(String, bool)>,
    comment: SafeHtml,
    /// The badges of a record.
    badges: Vec<Badge>,
    /// Whether there are more.
    partial: bool,
    verify: String,
    place: String,
    file: &'static str,
    url: String,
}

/// A badge in a record, as its document says.
#[derive(Debug)]
struct Badge {
    title: String,
    link: Option<String>,
    awarded: Option<Day>,
}

/// The page of an endorsement or a record, or its exact bytes.
pub(super) async fn show(state: &AppState, id: &str, wanted: Preferred) -> Response {
    match (find(&state.house, id).await, wanted) {
        (Ok(shown), Preferred::Json(media)) => served(shown.document, media),
        (Ok(shown), Preferred::Html) => {
            page(StatusCode::OK, &view(&shown, &state.house.base_url, state.house.clock.now()), false)
        }
        (Err(error), Preferred::Json(_)) => Problem::from(error).into_response(),
        (Err(error), Preferred::Html) => PageError::from(error).into_response(),
    }
}

/// By the public id in an address.
pub(super) async fn find(house: &House, id: &str) -> Result<ShownIssued, Error> {
    issued::show(house, id.parse().map_err(|_| Error::NotFound("credential"))?).await
}

/// The view of one at a moment.
pub(crate) fn view(shown: &ShownIssued, base: &str, now: Timestamp) -> IssuedPage {
    let issued = &shown.issued;
    let document = said(&shown.document).unwrap_or_default();
    let subject = &document["credentialSubject"];
    let (url, title, issuer) = (issued.url(base), clean(&issued.name), clean(&shown.organisation.name));
    let (kicker, sentence) = match issued.kind {
        IssuedKind::Endorsement => ("Endorsement", "A signed endorsement that anyone can verify."),
        IssuedKind::Record => ("Learner record", "Signed badges in one document that anyone can verify."),
    };
    let media = media_type(&shown.document, CREDENTIAL);
    let status = status(shown, now);
    let endorses = (issued.kind == IssuedKind::Endorsement).then(|| (clean(&issued.about), is_harmless(&issued.about)));
    IssuedPage {
        frame: Frame { alternate: Some((url.clone(), media)), ..Frame::unlisted(title.clone(), sentence) },
        kicker,
        title,
        issuer_url: shown.organisation.url.clone().filter(|url| is_harmless(url)),
        status,
        status_sentence: status_sentence(status, &issuer),
        issuer,
        issued: Day::of(issued.created),
        expires: issued.valid_until.map(Day::of),
        endorses,
        comment: render(subject["endorsementComment"].as_str().unwrap_or_default()),
        badges: subject["verifiableCredential"].as_array().into_iter().flatten().map(badge).collect(),
        partial: document["partial"] == true,
        verify: with_query("/verify", &[("url", &url)]),
        place: format!("/credentials/{}", issued.public_id),
        file: if media == CREDENTIAL { "credential.json" } else { "credential.jwt" },
        url,
    }
}

fn status(shown: &ShownIssued, now: Timestamp) -> Status {
    if shown.revoked {
        return Status::Revoked;
    }
    if shown.key_lost {
        return Status::Unbelievable;
    }
    let is_over = shown.issued.valid_until.is_some_and(|until| until <= now);
    if is_over { Status::Expired } else { Status::Valid }
}

fn status_sentence(status: Status, issuer: &str) -> String {
    match status {
        Status::Revoked => format!("{issuer} revoked it; it does not count any more."),
        Status::Valid => format!("Signed by {issuer}."),
        Status::Unbelievable => {
            format!("The key it was signed with got into wrong hands: {issuer} may not have signed it.")
        }
        _ => "Its time is over.".to_owned(),
    }
}

fn badge(document: &Value) -> Badge {
    let title = document["credentialSubject"]["achievement"]["name"].as_str().or(document["name"].as_str());
    let day = document["awardedDate"].as_str().or(document["validFrom"].as_str());
    Badge {
        title: clean(title.unwrap_or("Badge")),
        link: document["id"].as_str().filter(|id| is_harmless(id)).map(str::to_owned),
        awarded: day.and_then(|day| day.parse().ok()).map(Day::of),
    }
}
