//! Reading what the caller sent: JSON documents, raw bodies, and the part of a list that is wanted.

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use laurel_core::error;
use laurel_core::page::{Page, PageRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::{MALFORMED, MEDIA_TYPE, Problem, TIMEOUT, TOO_LARGE};
use crate::state::AppState;

/// A JSON document of the caller's, or one of ours.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let is_json = media_type(request.headers()).is_some_and(|media| media == "application/json");
        if !is_json {
            return Err(Problem::new(&MEDIA_TYPE, "send application/json"));
        }
        let bytes = Raw::from_request(request, state).await?.0;
        parse(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The caller's bytes as they came, within the limit of the route.
pub(crate) struct Raw(pub(crate) Bytes);

impl FromRequest<AppState> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        if request.headers().contains_key(CONTENT_ENCODING) {
            return Err(Problem::new(&MEDIA_TYPE, "send the body as it is, without Content-Encoding"));
        }
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| unread(rejection.status()))
    }
}

/// Why a body could not be read to its end.
pub(crate) fn unread(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(&TOO_LARGE, "the body is larger than is taken here")
    } else {
        Problem::new(&TIMEOUT, "the body did not come to its end, or paused too long")
    }
}

/// The media type, lower case, without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Reads a JSON document. What is no JSON at all is malformed; what is JSON but not what is asked for is invalid, at a place.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let at = error::pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            Problem::invalid(vec![error::Problem::at(at, without_place(&inner.to_string()))])
        } else {
            Problem::new(&MALFORMED, format!("this is not JSON: {inner}"))
        }
    })?;
    reader.end().map_err(|error| Problem::new(&MALFORMED, format!("this is not one JSON document: {error}")))?;
    Ok(value)
}

/// The pointer says where; "at line 1 column 7" says it again, worse.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(words, _)| words).to_owned()
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    after: Option<Uuid>,
    /// At most so many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The query, as a [`PageRequest`].
pub(crate) struct Paging(pub(crate) PageRequest);

impl FromRequestParts<AppState> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let query = QueryOf::<PageQuery>::from_request_parts(parts, state).await?.0;
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(Problem::new(&MALFORMED, format!("limit is {limit}; ask for 1 to 200 items")));
        }
        Ok(Self(PageRequest { after: query.after, limit }))
    }
}

/// The query of the URL.
pub(crate) struct QueryOf<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let query: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| Problem::new(&MALFORMED, rejection.body_text()))
    }
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    /// Oldest first.
    items: Vec<T>,
    /// Ask for the next page with this as `after`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

impl<T> Listed<T> {
    /// Everything there is.
    pub(crate) fn all(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }

    /// A page, each item rendered.
    pub(crate) fn page<N>(page: Page<N>, render: impl FnMut(N) -> T) -> Json<Self> {
        Json(Self { items: page.items.into_iter().map(render).collect(), next: page.next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "inner")]
        _inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "n")]
        _n: u8,
    }

    #[test]
    fn faults_have_a_place() {
        let invalid = parse::<Outer>(br#"{"inner": [{"n": 1}, {"n": "x"}]}"#).unwrap_err();
        assert_eq!(invalid.status(), 422);
        assert!(format!("{invalid:?}").contains("/inner/1/n"), "{invalid:?}");
        assert!(!invalid.detail().contains("line"), "{}", invalid.detail());
        for malformed in ["{\"inner\": [", "", "{} {}"] {
            assert!(parse::<Outer>(malformed.as_bytes()).unwrap_err().status() != 200, "{malformed}");
        }
        assert_eq!(parse::<Outer>(b"{\"inner\": [").unwrap_err().status(), 400);
    }
}
