//! `GET /earners/{id}`: the shelf of credentials and, apart from it and unlike it, engagement badges and points.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use laurel_core::achievements::Achievement;
use laurel_core::awards::Award;
use laurel_core::engagement::Engagement;
use laurel_core::id::PublicId;
use laurel_core::subjects::{self, Found, Shelf};
use laurel_core::time::Timestamp;

use super::dates::Day;
use super::emblem::{EmblemFace, clean, level_word};
use super::frame::{Frame, PageError, not_found, page};
use super::status::Status;
use crate::state::AppState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "earner.html")]
pub(crate) struct EarnerPage {
    frame: Frame,
    name: String,
    issuer: String,
    credentials: Vec<OnShelf>,
    engagement: Vec<Sticker>,
    points: i64,
}

/// A credential on the shelf.
#[derive(Clone, Debug)]
struct OnShelf {
    url: String,
    alt: String,
    title: String,
    level: &'static str,
    issued: Day,
    status: Status,
    signed: bool,
}

/// An engagement badge.
#[derive(Clone, Debug)]
struct Sticker {
    emblem: String,
    achievement: String,
    alt: String,
    title: String,
    given: Day,
}

/// `GET /earners/{id}`
pub(crate) async fn show(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<PublicId>() else { return not_found("earner") };
    match subjects::shelf(&state.house, id).await {
        Ok(Found::Shelf(shelf)) => page(StatusCode::OK, &view(&shelf, state.house.clock.now()), false),
        Ok(Found::Moved(to)) => Redirect::permanent(&format!("/earners/{to}")).into_response(),
        Err(error) => PageError::from(error).into_response(),
    }
}

/// The view of a shelf at a moment.
pub(crate) fn view(shelf: &Shelf, now: Timestamp) -> EarnerPage {
    let name = shelf.subject.name.as_deref().map(clean).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "An earner".to_owned());
    let issuer = clean(&shelf.organisation.name);
    let description = format!("What {name} earned with {issuer}.");
    EarnerPage {
        frame: Frame::unlisted(name.clone(), description),
        credentials: shelf.credentials.iter().map(|each| on_shelf(each, &issuer, now)).collect(),
        engagement: shelf.engagement.iter().map(|each| sticker(each, &issuer)).collect(),
        points: shelf.points,
        name,
        issuer,
    }
}

fn on_shelf((award, achievement): &(Award, Achievement), issuer: &str, now: Timestamp) -> OnShelf {
    let face = EmblemFace::of(achievement, &achievement.version, issuer, None);
    OnShelf {
        url: format!("/credentials/{}", award.public_id),
        alt: face.alt(),
        title: clean(&face.title),
        level: level_word(face.level),
        issued: Day::of(award.awarded),
        status: Status::of(award, now),
        signed: award.signed,
    }
}

fn sticker((badge, achievement): &(Engagement, Achievement), issuer: &str) -> Sticker {
    let face = EmblemFace::of(achievement, &achievement.version, issuer, None);
    let url = format!("/achievements/{}", achievement.id);
    Sticker {
        emblem: format!("{url}/emblem.svg?version={}", achievement.version.number),
        achievement: url,
        alt: face.alt(),
        title: clean(&face.title),
        given: Day::of(badge.awarded),
    }
}
