//! `/healthz`, `/readyz`, `/metrics`: for whoever watches the process.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use laurel_core::backlog::Backlog;

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(live)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// The process answers.
async fn live() -> &'static str {
    "ok\n"
}

/// The store answers too.
async fn ready(State(state): State<AppState>) -> Response {
    match state.house.store.lag().await {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

async fn metrics(State(state): State<AppState>) -> Response {
    let backlog = Backlog::measure(&state.house).await.ok();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.render(backlog)).into_response()
}
