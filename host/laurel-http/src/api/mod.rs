//! The JSON API. One file for each noun; each file's `routes` lists its endpoints.

mod achievements;
mod awards;
mod endorsements;
mod engagement;
pub(crate) mod events;
mod images;
mod installations;
mod keys;
mod organisations;
mod outbox;
mod parked;
mod plugins;
mod progress;
mod proposals;
mod records;
mod rules;
mod sign_in;
mod status;
mod subjects;
mod tokens;
mod vc;
mod verify;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;

use crate::idempotency::{self, Guard};
use crate::state::AppState;

/// Every endpoint under `/v1` and `/vc`, each with its description.
pub(crate) fn routes(state: &AppState) -> OpenApiRouter<AppState> {
    let documents = OpenApiRouter::new()
        .merge(organisations::routes())
        .merge(keys::routes())
        .merge(tokens::routes())
        .merge(subjects::routes())
        .merge(proposals::routes())
        .merge(sign_in::routes())
        .merge(achievements::routes())
        .merge(rules::routes())
        .merge(progress::routes())
        .merge(installations::routes())
        .merge(awards::routes())
        .merge(endorsements::routes())
        .merge(records::routes())
        .merge(engagement::routes())
        .merge(parked::routes())
        .merge(outbox::routes())
        .merge(status::routes());
    let (request, component) = (state.config.max_request, state.config.max_component);
    // Events carry their own idempotency keys.
    let events = events::routes().layer(DefaultBodyLimit::max(request));
    guarded(documents, state, request)
        .merge(guarded(plugins::routes(), state, component))
        .merge(events)
        .merge(verify::routes())
        .merge(vc::routes(state))
        .merge(images::routes())
}

fn guarded(routes: OpenApiRouter<AppState>, state: &AppState, limit: usize) -> OpenApiRouter<AppState> {
    let guard = Guard { state: state.clone(), limit };
    routes.layer(from_fn_with_state(guard, idempotency::remember)).layer(DefaultBodyLimit::max(limit))
}
