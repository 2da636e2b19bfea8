//! `/hooks/{installation}/…`: where partner systems send what they send today. The connector decides what it is.

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use laurel_core::events;
use laurel_core::id::InstallationId;
use laurel_core::plugins::{Header, HookRequest, HookResponse};

use crate::body::Raw;
use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/hooks/{installation}", any(receive))
        .route("/hooks/{installation}/{*path}", any(receive))
        .layer(DefaultBodyLimit::max(state.config.max_request))
}

/// Hands the request to the connector exactly as it came; the connector's answer follows once the events are durable.
async fn receive(
    State(state): State<AppState>,
    params: RawPathParams,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Raw,
) -> Result<Response, Problem> {
    let nobody = || Problem::not_found("installation");
    let named = params.iter().find(|(key, _)| *key == "installation").map(|(_, value)| value.to_owned());
    let named = named.ok_or_else(nobody)?;
    let installation: InstallationId = named.parse().map_err(|_| nobody())?;
    let below = uri.path().strip_prefix("/hooks/").and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned()));
    let request = HookRequest {
        method: method.to_string(),
        url: format!("{}{}", state.house.base_url, uri.path_and_query().map_or("/", |whole| whole.as_str())),
        path: below.unwrap_or_default(),
        headers: headers.iter().map(|(name, value)| Header { name: name.to_string(), value: text(value) }).collect(),
        body: body.0.to_vec(),
        received: state.house.clock.now(),
    };
    let received = events::receive(&state.house, installation, &request).await;
    state.metrics.count_hook(received.is_ok());
    let received = received?;
    state.metrics.count_events(&received.events);
    Ok(answer(received.response))
}

/// A header's value; bytes that are no UTF-8 are taken as Latin-1, as HTTP once defined them.
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The connector's answer, as far as a connector may answer in our name: no redirect, no cookie, nothing a browser would run.
fn answer(wanted: HookResponse) -> Response {
    let status = StatusCode::from_u16(wanted.status).ok();
    let status = status.filter(|status| status.is_success() || status.is_client_error()).unwrap_or(StatusCode::OK);
    let mut response = (status, wanted.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    for Header { name, value } in wanted.headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { continue };
        if may_set(&name, &value) {
            response.headers_mut().insert(name, value);
        }
    }
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn may_set(name: &HeaderName, value: &HeaderValue) -> bool {
    if name == header::CONTENT_TYPE {
        return [&b"application/json"[..], b"text/plain"].iter().any(|prefix| value.as_bytes().starts_with(prefix));
    }
    let name = name.as_str();
    (name.starts_with("x-") && !COMMANDS.iter().any(|command| name.starts_with(command)))
        || name.starts_with("webhook-")
        || name == "retry-after"
}

/// Headers that a browser, or the proxy before us, would obey: some proxies answer with a file of theirs when told to.
const COMMANDS: [&str; 6] =
    ["x-accel-", "x-sendfile", "x-lighttpd-", "x-litespeed-", "x-reproxy-", "x-content-type-options"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connector_answers_within_bounds() {
        let header = |name: &str, value: &str| Header { name: name.into(), value: value.into() };
        let headers = vec![
            header("Content-Type", "text/html"),
            header("Set-Cookie", "a=b"),
            header("Location", "https://evil.example"),
            header("X-Hook-Secret", "echo"),
            header("X-Accel-Redirect", "/etc/passwd"),
            header("X-Sendfile", "/etc/passwd"),
        ];
        let response = answer(HookResponse { status: 302, headers, body: b"<script>".to_vec() });
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(response.headers()["x-hook-secret"], "echo");
        for refused in ["set-cookie", "location", "x-accel-redirect", "x-sendfile"] {
            assert!(!response.headers().contains_key(refused), "{refused}");
        }
    }
}
