//! `GET /credentials/{id}/badge.png|svg`: the emblem with the signed credential inside, to be kept and shown to any verifier. With
//! `?open-badges=2.0` there is instead the address of the hosted assertion in it, for sites that know no later version.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::credentials::{Shown, assertion_url};
use laurel_core::images::{self, Image, Media};
use laurel_core::{Error, House};
use laurel_openbadges::baking::{BakedVersion, bake_as};
use serde::Deserialize;
use std::sync::Arc;

use super::credential::{face, find};
use super::emblem;
use super::frame::PageError;
use super::png::Painter;
use crate::problem::Problem;
use crate::state::AppState;

/// Media type, and how the file is to be kept.
type Kind = (&'static str, &'static str);

const SVG: Kind = ("image/svg+xml", r#"attachment; filename="badge.svg""#);
const PNG: Kind = ("image/png", r#"attachment; filename="badge.png""#);

/// Which version of Open Badges the picture is for.
#[derive(Debug, Deserialize)]
pub(crate) struct Baking {
    #[serde(rename = "open-badges", default)]
    version: BadgeVersion,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
enum BadgeVersion {
    #[default]
    #[serde(rename = "3.0")]
    Three,
    #[serde(rename = "2.0")]
    Two,
}

/// What goes into a picture: the signed credential, or where its older form is.
struct Inside {
    version: BakedVersion,
    text: String,
}

impl Inside {
    fn of(house: &House, shown: &Shown, asked: &Baking) -> Result<Self, PageError> {
        let Some(document) = &shown.document else {
            return Err(Error::Unavailable("the credential is being signed".to_owned()).into());
        };
        Ok(match asked.version {
            BadgeVersion::Three => {
                Self { version: BakedVersion::V3, text: String::from_utf8_lossy(document).into_owned() }
            }
            BadgeVersion::Two => Self { version: BakedVersion::V2, text: assertion_url(house, shown.award.public_id) },
        })
    }
}

/// `GET /credentials/{id}/badge.svg`: the organisation's own drawing, or the drawn emblem.
pub(crate) async fn svg(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Baking>,
) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    let inside = Inside::of(&state.house, &shown, &asked)?;
    Ok(match own(&state.house, &shown).await? {
        Some(Image { media: Media::Svg, bytes, .. }) => baked(&inside, &bytes, SVG),
        _ => baked(&inside, emblem::svg(&face(&shown)).as_bytes(), SVG),
    })
}

/// `GET /credentials/{id}/badge.png`: the same as pixels.
pub(crate) async fn png(
    State(state): State<AppState>,
    Extension(painter): Extension<Arc<Painter>>,
    Path(id): Path<String>,
    Query(asked): Query<Baking>,
) -> Result<Response, PageError> {
    let shown = find(&state.house, &id).await?;
    let inside = Inside::of(&state.house, &shown, &asked)?;
    let drawing = match own(&state.house, &shown).await? {
        Some(Image { media: Media::Png, bytes, .. }) => return Ok(baked(&inside, &bytes, PNG)),
        Some(Image { media: Media::Svg, bytes, .. }) => String::from_utf8_lossy(&bytes).into_owned(),
        None => emblem::svg(&face(&shown)),
    };
    Ok(match painter.paint(drawing).await {
        Ok(picture) => baked(&inside, &picture, PNG),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    })
}

/// The organisation's own picture for this achievement.
async fn own(house: &House, shown: &Shown) -> Result<Option<Image>, Error> {
    match shown.achievement.version.text.image {
        Some(id) => images::find(house, id).await.map(Some),
        None => Ok(None),
    }
}

fn baked(inside: &Inside, picture: &[u8], (media, kept): Kind) -> Response {
    match bake_as(inside.version, picture, &inside.text) {
        Ok(image) => (StatusCode::OK, headers(media, kept), image).into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

fn headers(media: &'static str, kept: &'static str) -> [(HeaderName, HeaderValue); 6] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(kept)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}
