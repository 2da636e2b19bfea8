//! `POST /v1/events`: `CloudEvents` 1.0, structured, binary or batched.

mod binary;
mod structured;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laurel_core::Error;
use laurel_core::events::{self, Appended, CloudEvent, Receipt};
use laurel_core::tokens::{Scope, Token};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{bearer, caller};
use crate::body::{Json, QueryOf, Raw, media_type};
use crate::problem::{CONFLICT, MEDIA_TYPE, Problem};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send_events, shake_hands))
}

/// A token for senders that cannot set a header.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AccessToken {
    /// Instead of the header `Authorization`, which keeps it out of logs and is better.
    access_token: Option<String>,
}

/// Who sends. Known before the body is read: strangers' bodies take no memory.
struct Sender(Arc<Token>);

impl FromRequestParts<AppState> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let QueryOf(query) = QueryOf::<AccessToken>::from_request_parts(parts, state).await?;
        caller(state, bearer(&parts.headers).or(query.access_token.as_deref())).await.map(Self)
    }
}

/// What came of each event, in the order sent.
#[derive(Debug, Serialize, ToSchema)]
struct Receipts {
    items: Vec<ReceiptView>,
}

/// What came of an event.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptView {
    /// The event's own id.
    id: String,
    status: ReceiptStatus,
    /// Where it stands in the log (for a duplicate or conflict: where the first one does).
    partition: i32,
    seq: i64,
    /// When it became durable.
    #[schema(format = "date-time")]
    received: String,
    /// Whom it was attributed to.
    #[schema(format = "uuid")]
    subject: String,
}

/// What came of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum ReceiptStatus {
    /// Durable now.
    Accepted,
    /// The same event was durable before.
    Duplicate,
    /// Another event has this id; this one was not taken.
    Conflict,
}

impl ReceiptView {
    fn new(id: String, appended: &Appended) -> Self {
        let (status, receipt) = match appended {
            Appended::New(receipt) => (ReceiptStatus::Accepted, receipt),
            Appended::Duplicate(receipt) => (ReceiptStatus::Duplicate, receipt),
            Appended::Conflict(receipt) => (ReceiptStatus::Conflict, receipt),
        };
        let Receipt { partition, seq, received, subject } = receipt;
        let (received, subject) = (received.to_string(), subject.to_string());
        Self { id, status, partition: partition.0, seq: *seq, received, subject }
    }
}

/// Makes events durable, each once. The content type decides: `application/cloudevents-batch+json`,
/// `application/cloudevents+json`, or binary mode with the attributes in `ce-` headers.
///
/// `data` is a JSON object of at most 64 KiB. Whom an event is about stands in `data.subject` (`{"kind": "person",
/// "identifiers": [{"type": "account", "home_page": "https://lms.example.org", "name": "17"}]}`; also `email` with `address`, `did`
/// with `did`) or in the attribute `subject`, as `mailto:…`, `did:…`, or `https://home-page#name`. The organisation and what may be
/// claimed come from the token. Without `time`, an event happened when it first came.
#[utoipa::path(post, path = "/v1/events", tag = "events", params(AccessToken),
    request_body(content(
        (Object = "application/cloudevents+json"),
        (Vec<Object> = "application/cloudevents-batch+json"),
        (Object = "application/json"))),
    responses(
        (status = 202, body = Receipts, description = "Each event has a receipt; those accepted are durable."),
        (status = 200, body = Receipts, description = "All of them were durable before.")))]
async fn send_events(
    State(state): State<AppState>,
    Sender(token): Sender,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, Problem> {
    let (events, batch) = read(&headers, &body)?;
    let ids: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    let appended = accept(&state, &token, events, batch).await?;
    state.metrics.count_events(&appended);
    let items: Vec<_> = ids.into_iter().zip(&appended).map(|(id, each)| ReceiptView::new(id, each)).collect();
    let is = |status| items.iter().all(|item| item.status == status);
    if !batch && is(ReceiptStatus::Conflict) {
        let detail = "an event with this id, but other content, is durable already; this one was not taken";
        return Err(Problem::new(&CONFLICT, detail));
    }
    let status = if is(ReceiptStatus::Duplicate) && !items.is_empty() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, Json(Receipts { items })).into_response())
}

async fn accept(
    state: &AppState,
    token: &Arc<Token>,
    events: Vec<CloudEvent>,
    batch: bool,
) -> Result<Vec<Appended>, Error> {
    let nobodys = || Error::Forbidden("it is not bound to an organisation and its assertions".to_owned());
    let organisation = token.organisation.ok_or_else(nobodys)?;
    token.allows(Scope::Events, organisation)?;
    let assertions = token.assertions.as_ref().ok_or_else(nobodys)?;
    events::accept(&state.house, organisation, assertions, events, batch).await
}

/// The events of a request, and whether they came as a batch. The batch's media type begins with the other's: it is asked for first.
pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Vec<CloudEvent>, bool), Problem> {
    let media = media_type(headers).unwrap_or_default();
    if media.starts_with("application/cloudevents-batch") {
        only_json(&media)?;
        return structured::batch(body).map(|events| (events, true));
    }
    let event = if media.starts_with("application/cloudevents") {
        only_json(&media)?;
        structured::single(body)?
    } else {
        binary::read(headers, &media, body)?
    };
    Ok((vec![event], false))
}

fn only_json(media: &str) -> Result<(), Problem> {
    if media.ends_with("+json") {
        return Ok(());
    }
    Err(Problem::new(&MEDIA_TYPE, format!("{media} is not taken; send CloudEvents as JSON (…+json)")))
}

/// The webhook handshake of `CloudEvents`: any sender may ask, because the token decides.
#[utoipa::path(options, path = "/v1/events", tag = "events",
    responses((status = 200, description = "Events with a valid token are taken from this origin.")))]
async fn shake_hands(headers: HeaderMap) -> Response {
    let mut response = StatusCode::OK.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    if let Some(origin) = headers.get("webhook-request-origin") {
        answer.insert("webhook-allowed-origin", origin.clone());
        answer.insert("webhook-allowed-rate", HeaderValue::from_static("*"));
    }
    response
}
