//! `GET /achievements/{id}`: what can be earned, and how.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::achievements::{self, Alignment, BadgeKind, Described, Version, emblem_url, open_badge};
use laurel_core::{Error, House};
use laurel_openbadges::documents::{Achievement as Badge, Image};
use serde::{Deserialize, Serialize};

use super::credential::shown_as;
use super::dates::Day;
use super::emblem::{EmblemFace, clean, level_word};
use super::endorsers::{Endorser, endorsers};
use super::frame::{Frame, PageError, page};
use super::markdown::{SafeHtml, is_harmless, render};
use super::negotiate::{Preferred, preferred};
use super::results::{self, academic_facts, scales};
use crate::problem::Problem;
use crate::state::AppState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "achievement.html")]
pub(crate) struct AchievementPage {
    frame: Frame,
    emblem: String,
    alt: String,
    title: String,
    kind: BadgeKind,
    issuer: String,
    issuer_url: Option<String>,
    level: &'static str,
    description: String,
    criteria: SafeHtml,
    ways: Vec<Vec<String>>,
    validity: Option<String>,
    facts: Vec<(&'static str, String)>,
    scales: Vec<results::Line>,
    endorsers: Vec<Endorser>,
    alignments: Vec<Alignment>,
    tags: Vec<String>,
    archived: Option<Day>,
    versions: Vec<(u32, Day)>,
}

/// `GET /achievements/{id}`
pub(crate) async fn show(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match (find(&state.house, &id).await, preferred(&headers)) {
        (Ok(described), Preferred::Html) => page(StatusCode::OK, &view(&described), true),
        (Ok(described), Preferred::Json(media)) => {
            let headers =
                [(header::CONTENT_TYPE, media), (header::VARY, "Accept"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
            (headers, Json(document(&described, &state.house.base_url))).into_response()
        }
        (Err(error), Preferred::Html) => PageError::from(error).into_response(),
        (Err(error), Preferred::Json(_)) => Problem::from(error).into_response(),
    }
}

/// Which version's emblem.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    pub(super) version: Option<u32>,
}

/// `GET /achievements/{id}/emblem.svg?version=`: of the latest version unless another is named.
pub(crate) async fn emblem_svg(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let described = find(&state.house, &id).await?;
    let named = described.versions.iter().find(|version| Some(version.number) == which.version);
    let version = named.unwrap_or(&described.achievement.version);
    shown_as(&state.house, version.text.image, || face(&described, version)).await
}

async fn find(house: &House, id: &str) -> Result<Described, Error> {
    let id = id.parse().map_err(|_| Error::NotFound("achievement"))?;
    achievements::describe(house, id).await
}

fn face(described: &Described, version: &Version) -> EmblemFace {
    EmblemFace::of(&described.achievement, version, &described.organisation.name, months(version))
}

fn months(version: &Version) -> Option<String> {
    let months = version.text.valid_months?;
    Some(match (months % 12, months / 12) {
        (0, 1) => "valid for a year".to_owned(),
        (0, years) => format!("valid for {years} years"),
        (1, 0) => "valid for a month".to_owned(),
        _ => format!("valid for {months} months"),
    })
}

/// The view of an achievement.
pub(crate) fn view(described: &Described) -> AchievementPage {
    let achievement = &described.achievement;
    let text = &achievement.version.text;
    let title = clean(&text.name);
    let emblem = format!("/achievements/{}/emblem.svg?version={}", achievement.id, achievement.version.number);
    AchievementPage {
        frame: Frame::public(title.clone(), text.description.clone()),
        emblem,
        alt: face(described, &achievement.version).alt(),
        title,
        kind: achievement.kind,
        issuer: clean(&described.organisation.name),
        issuer_url: described.organisation.url.clone().filter(|url| is_harmless(url)),
        level: level_word(text.face.level),
        description: text.description.clone(),
        criteria: render(&text.criteria),
        ways: described.ways.iter().map(|way| way.iter().map(|each| each.text.clone()).collect()).collect(),
        validity: months(&achievement.version),
        facts: academic_facts(text),
        scales: scales(text),
        endorsers: endorsers(&described.endorsements),
        alignments: text.alignments.iter().filter(|each| is_harmless(&each.url)).cloned().collect(),
        tags: text.tags.clone(),
        archived: achievement.archived.map(Day::of),
        versions: described.versions.iter().rev().map(|each| (each.number, Day::of(each.created))).collect(),
    }
}

/// The achievement for machines: Open Badges 3.0 `Achievement`, with the contexts that give its words their meaning.
#[derive(Debug, Serialize)]
struct Document {
    #[serde(rename = "@context")]
    contexts: [&'static str; 2],
    #[serde(flatten)]
    achievement: Badge,
}

const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

fn document(described: &Described, base: &str) -> Document {
    let (id, version) = (described.achievement.id, &described.achievement.version);
    let mut badge = open_badge(id, version, base);
    badge.image = Some(Image::new(emblem_url(id, version, base)));
    Document { contexts: CONTEXTS, achievement: badge }
}

impl AchievementPage {
    fn is_credential(&self) -> bool {
        self.kind == BadgeKind::Credential
    }
}
