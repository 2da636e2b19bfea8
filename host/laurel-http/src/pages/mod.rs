//! Pages for people, rendered on the server.

use axum::Router;

use crate::state::AppState;

/// The pages' places.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
}
