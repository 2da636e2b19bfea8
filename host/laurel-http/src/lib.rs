//! Laurel over HTTP: the JSON API, the partners' hooks, the public documents and the pages.
//!
//! A handler parses, calls one use case of `laurel-core`, and renders what came of it. Each endpoint (or small noun) is one file
//! with its request type, its description for `/openapi.json`, its handler and its tests.
//!
//! *Architecture invariant*: no rule of the house and no SQL stands here. Whatever a second interface (the command line, another
//! protocol) would have to do as well belongs into a use case.
//!
//! To add an endpoint: write the use case in `laurel-core`, a file under [`api`](self) with a handler that carries
//! `#[utoipa::path]`, name it in that folder's `routes`, and run the snapshot test with `UPDATE=1`.

mod auth;
mod pages;
mod problem;
mod state;
mod trace;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub use problem::{KINDS, Kind, Problem};
pub use state::{AppState, Config};

/// Everything that Laurel answers over HTTP.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(pages::routes())
        .fallback(problem::no_such_place)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(from_fn_with_state(state.clone(), trace::trace))
        .with_state(state)
}
