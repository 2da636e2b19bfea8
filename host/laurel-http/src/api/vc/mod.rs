//! `/vc/{organisation}/…`: the VC-API (W3C Credentials Community Group) of one issuer instance, which is an organisation with its
//! identifier and its cryptosuite. Wallets, exchanges and the conformance suites of the W3C speak it.
//!
//! Issuing, and changing the status of what was issued, needs a token with the scope `award`; verifying needs none. What does not verify is answered with 400, as the VC-API has it,
//! with the same report that a success carries.

mod answer;
mod issue;
mod status;
mod verify;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub(super) fn routes(state: &AppState) -> OpenApiRouter<AppState> {
    issue::routes()
        .merge(status::routes())
        .merge(verify::routes())
        .layer(DefaultBodyLimit::max(state.config.max_request))
}
