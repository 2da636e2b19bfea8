//! Every request gets a trace id, a line in the log, and headers that keep browsers from guessing.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::problem::{Cause, OwnBody, internal_body};
use crate::state::AppState;

/// Wraps everything.
pub(crate) async fn trace(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut bytes = [0; 16];
    state.house.random.fill(&mut bytes);
    let trace = format!("{:032x}", u128::from_be_bytes(bytes));
    let method = request.method().clone();
    let place =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());

    let mut response = next.run(request).await;
    let status = response.status();
    state.metrics.count_answer(status.as_u16());
    if let Some(Cause(cause)) = response.extensions_mut().remove::<Cause>() {
        tracing::error!(%trace, %method, place, status = status.as_u16(), cause, "request failed");
        if response.extensions_mut().remove::<OwnBody>().is_none() {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::from(internal_body(status, &trace));
        }
    } else {
        tracing::debug!(%trace, %method, place, status = status.as_u16(), "request");
    }
    let headers = response.headers_mut();
    headers.insert("x-trace-id", HeaderValue::from_str(&trace).unwrap_or(HeaderValue::from_static("-")));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}
