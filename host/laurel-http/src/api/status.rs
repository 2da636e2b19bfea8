//! `/v1/status`: how the host is, for its operator.

use axum::extract::State;
use laurel_core::backlog::Backlog;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Operator;
use crate::body::Json;
use crate::problem::Problem;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show_status))
}

/// How the host is.
#[derive(Debug, Serialize, ToSchema)]
struct StatusView {
    /// Of the host.
    version: &'static str,
    #[schema(format = "date-time")]
    time: String,
    /// Events in the log not yet folded; exact.
    lag: u64,
    /// Rules that stopped for a subject, and wait for `…/parked/retry` or `…/parked/skip`.
    parked: u64,
    /// Awards that wait for their signature.
    unsigned: u64,
    /// Award events that wait to enter the log.
    unrelayed: u64,
    /// Status lists that changed and wait to be published.
    unpublished: u64,
    /// Plugins that cannot run on this host.
    broken_plugins: Vec<BrokenPlugin>,
}

/// A plugin that cannot run.
#[derive(Debug, Serialize, ToSchema)]
struct BrokenPlugin {
    digest: String,
    name: String,
    why: String,
}

/// How the host is.
#[utoipa::path(get, path = "/v1/status", tag = "status", responses((status = 200, body = StatusView)))]
async fn show_status(State(state): State<AppState>, _: Operator) -> Result<Json<StatusView>, Problem> {
    let plugins = state.house.store.plugins().await?.into_iter();
    let broken = plugins.filter_map(|plugin| {
        let digest = plugin.digest.to_string();
        plugin.broken.map(|why| BrokenPlugin { digest, name: plugin.manifest.name, why })
    });
    let Backlog { lag, parked, unsigned, unrelayed, unpublished } = Backlog::measure(&state.house).await?;
    Ok(Json(StatusView {
        version: env!("CARGO_PKG_VERSION"),
        time: state.house.clock.now().to_string(),
        lag,
        parked,
        unsigned,
        unrelayed,
        unpublished,
        broken_plugins: broken.collect(),
    }))
}
