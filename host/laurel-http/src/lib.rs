//! Laurel over HTTP: the JSON API, the partners' hooks, the public documents and the pages.
//!
//! A handler parses, calls one use case of `laurel-core`, and renders what came of it. Each noun of the API is one file with its
//! request types, its description for `/openapi.json` and its handlers.
//!
//! *Architecture invariant*: no rule of the house and no SQL stands here. Whatever a second interface (the command line, another
//! protocol) would have to do as well belongs in a use case.
//!
//! To add an endpoint: write the use case in `laurel-core`, a handler with `#[utoipa::path]` in its noun's file under `api/`, name
//! it in that file's `routes`, and run the snapshot test with `UPDATE=1`.

mod api;
mod auth;
mod badge_connect;
mod body;
mod health;
mod hooks;
mod idempotency;
mod images;
mod metrics;
mod openapi;
mod pages;
mod problem;
mod public;
mod serve;
mod session;
mod settings_schema;
mod state;
mod strict_json;
mod trace;
#[doc(hidden)]
pub mod untrusted;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use pages::assets::BrowserVerifier;
pub use problem::{KINDS, Kind, Problem};
pub use serve::{ServeLimits, Tls, TlsError, serve};
pub use settings_schema::JsonSchema;
pub use state::{AppState, Config};

/// Everything that Laurel answers over HTTP.
pub fn router(state: AppState) -> Router {
    let described = OpenApiRouter::with_openapi(openapi::Description::openapi()).merge(api::routes(&state));
    let (api, description) = described.split_for_parts();
    Router::new()
        .merge(api)
        .merge(openapi::routes(&openapi::complete(&description)))
        .merge(hooks::routes(&state))
        .merge(badge_connect::routes())
        .merge(public::routes())
        .merge(health::routes())
        .merge(pages::routes())
        .fallback(problem::no_such_place)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(from_fn_with_state(state.clone(), trace::trace))
        .with_state(state)
}
