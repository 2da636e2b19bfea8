//! `/v1/plugins`: components that the host knows.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use laurel_core::plugins::{self, Manifest, Plugin, PluginDigest};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Caller, Operator, PathId};
use crate::body::{Json, Listed, Raw, media_type};
use crate::problem::{MEDIA_TYPE, Problem};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(add_plugin, list_plugins)).routes(routes!(show_plugin))
}

/// A plugin.
#[derive(Debug, Serialize, ToSchema)]
struct PluginView {
    /// SHA-256 of the component, in hexadecimal: what a plugin is.
    digest: String,
    manifest: Manifest,
    #[schema(format = "date-time")]
    added: String,
    /// Why it cannot run on this host; null when it can.
    broken: Option<String>,
}

impl From<Plugin> for PluginView {
    fn from(plugin: Plugin) -> Self {
        let (digest, added) = (plugin.digest.to_string(), plugin.added.to_string());
        Self { digest, manifest: plugin.manifest, added, broken: plugin.broken }
    }
}

/// Uploads a component, which carries its manifest. The same component again changes nothing.
#[utoipa::path(post, path = "/v1/plugins", tag = "plugins",
    request_body(content = Vec<u8>, content_type = "application/wasm"),
    responses((status = 201, body = PluginView)))]
async fn add_plugin(
    State(state): State<AppState>,
    _: Operator,
    headers: HeaderMap,
    Raw(component): Raw,
) -> Result<(StatusCode, Json<PluginView>), Problem> {
    let media = media_type(&headers);
    if !matches!(media.as_deref(), Some("application/wasm" | "application/octet-stream")) {
        return Err(Problem::new(&MEDIA_TYPE, "send the component as application/wasm"));
    }
    let plugin = plugins::add(&state.house, &component).await?;
    Ok((StatusCode::CREATED, Json(plugin.into())))
}

/// All plugins.
#[utoipa::path(get, path = "/v1/plugins", tag = "plugins", responses((status = 200, body = Listed<PluginView>)))]
async fn list_plugins(State(state): State<AppState>, _: Caller) -> Result<Json<Listed<PluginView>>, Problem> {
    let plugins = state.house.store.plugins().await?;
    Ok(Listed::all(plugins.into_iter().map(PluginView::from).collect()))
}

/// A plugin, by its digest.
#[utoipa::path(get, path = "/v1/plugins/{id}", tag = "plugins", responses((status = 200, body = PluginView)))]
async fn show_plugin(
    State(state): State<AppState>,
    _: Caller,
    PathId(digest): PathId<PluginDigest>,
) -> Result<Json<PluginView>, Problem> {
    Ok(Json(plugins::show(&state.house, digest).await?.into()))
}
