//! `/v1/organisations/{organisation}/installations`: plugins at work for an organisation.

use axum::extract::State;
use axum::http::StatusCode;
use laurel_core::Error;
use laurel_core::id::InstallationId;
use laurel_core::plugins::{
    self, Capability, Grant, Installation, InstallationChange, NewInstallation, PluginDigest, SecretValues,
};
use laurel_core::tokens::Assertions;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zeroize::Zeroizing;

use crate::auth::{Manage, PathId, PathName, Read, Within};
use crate::body::{Json, Listed, PageQuery, Paging};
use crate::problem::Problem;
use crate::settings_schema::JsonSchema;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(install_plugin, list_installations))
        .routes(routes!(show_installation, change_installation))
        .routes(routes!(set_secret))
}

/// An installation to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InstallPlugin {
    /// The plugin's digest.
    plugin: String,
    /// Its name for the operator.
    name: String,
    /// Settings that are no secrets; what they may be is in the manifest.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    settings: Value,
    /// What it is allowed, out of what its manifest asks for.
    #[serde(default)]
    grant: GrantRequest,
    /// Values of granted secrets by name; several while one rotates. They are sealed and never shown again.
    #[serde(default)]
    secrets: BTreeMap<String, Vec<String>>,
    #[serde(default = "yes")]
    enabled: bool,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

fn yes() -> bool {
    true
}

/// The operator's yes.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct GrantRequest {
    capabilities: Vec<Capability>,
    /// Names of secrets it may ask about.
    secrets: Vec<String>,
    /// Hosts it may reach.
    hosts: Vec<String>,
    /// For a connector: what its events may claim.
    assertions: Option<AssertionsRequest>,
}

/// What a connector's events may claim.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssertionsRequest {
    /// The source its events get; `installation:{id}` if left out.
    #[serde(default)]
    source: String,
    /// Home-pages of the accounts it may speak of; `*` for any.
    #[serde(default)]
    namespaces: Vec<String>,
    /// Whether it may identify subjects by e-mail address or DID.
    #[serde(default)]
    personal_identifiers: bool,
    /// Event kinds it may send; others are left out.
    kinds: Vec<String>,
}

impl From<GrantRequest> for Grant {
    fn from(grant: GrantRequest) -> Self {
        let assertions = grant.assertions.map(|each| Assertions {
            source: each.source,
            namespaces: each.namespaces,
            personal_identifiers: each.personal_identifiers,
            kinds: each.kinds,
        });
        Self { capabilities: grant.capabilities, secrets: grant.secrets, hosts: grant.hosts, assertions }
    }
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeInstallation {
    /// Digest of another version of the same plugin.
    #[serde(default)]
    plugin: Option<String>,
    #[serde(default)]
    name: Option<String>,
    /// All settings anew.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    settings: Option<Value>,
    /// The whole grant anew.
    #[serde(default)]
    grant: Option<GrantRequest>,
    #[serde(default)]
    enabled: Option<bool>,
}

/// Values of a secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetSecret {
    /// None removes it; several while it rotates.
    values: Vec<String>,
}

/// An installation.
#[derive(Debug, Serialize, ToSchema)]
struct InstallationView {
    #[schema(format = "uuid")]
    id: String,
    plugin: String,
    name: String,
    #[schema(value_type = Object)]
    settings: Value,
    grant: Grant,
    /// Where the partner sends its requests, if it is a connector.
    hook: String,
    enabled: bool,
    #[schema(format = "date-time")]
    created: String,
}

fn view(state: &AppState, each: Installation) -> InstallationView {
    InstallationView {
        id: each.id.to_string(),
        plugin: each.plugin.to_string(),
        name: each.name,
        settings: serde_json::from_str(&each.settings).unwrap_or_default(),
        grant: each.grant,
        hook: format!("{}/hooks/{}", state.house.base_url, each.id),
        enabled: each.enabled,
        created: each.created.to_string(),
    }
}

fn digest(text: &str) -> Result<PluginDigest, Problem> {
    text.parse().map_err(|error| Error::invalid("/plugin", format!("{error}")).into())
}

fn sealed(values: Vec<String>) -> SecretValues {
    values.into_iter().map(Zeroizing::new).collect()
}

/// Installs a plugin.
#[utoipa::path(post, path = "/v1/organisations/{organisation}/installations", tag = "installations",
    request_body = InstallPlugin, responses((status = 201, body = InstallationView)))]
async fn install_plugin(
    State(state): State<AppState>,
    within: Within<Manage>,
    Json(new): Json<InstallPlugin>,
) -> Result<(StatusCode, Json<InstallationView>), Problem> {
    let new = NewInstallation {
        plugin: digest(&new.plugin)?,
        name: new.name,
        settings: new.settings,
        grant: new.grant.into(),
        secrets: new.secrets.into_iter().map(|(name, values)| (name, sealed(values))).collect(),
        enabled: new.enabled,
    };
    let made = plugins::install(&state.house, &JsonSchema, within.organisation.id, new).await?;
    Ok((StatusCode::CREATED, Json(view(&state, made))))
}

/// All installations.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/installations", tag = "installations", params(PageQuery),
    responses((status = 200, body = Listed<InstallationView>)))]
async fn list_installations(
    State(state): State<AppState>,
    within: Within<Read>,
    Paging(page): Paging,
) -> Result<Json<Listed<InstallationView>>, Problem> {
    let page = state.house.store.installations(within.organisation.id, page).await?;
    Ok(Listed::page(page, |installation| view(&state, installation)))
}

/// An installation.
#[utoipa::path(get, path = "/v1/organisations/{organisation}/installations/{id}", tag = "installations",
    responses((status = 200, body = InstallationView)))]
async fn show_installation(
    State(state): State<AppState>,
    within: Within<Read>,
    PathId(id): PathId<InstallationId>,
) -> Result<Json<InstallationView>, Problem> {
    let installation = plugins::find(&state.house, within.organisation.id, id).await?;
    Ok(Json(view(&state, installation)))
}

/// Changes an installation.
#[utoipa::path(patch, path = "/v1/organisations/{organisation}/installations/{id}", tag = "installations",
    request_body = ChangeInstallation, responses((status = 200, body = InstallationView)))]
async fn change_installation(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<InstallationId>,
    Json(change): Json<ChangeInstallation>,
) -> Result<Json<InstallationView>, Problem> {
    let change = InstallationChange {
        plugin: change.plugin.as_deref().map(digest).transpose()?,
        name: change.name,
        settings: change.settings,
        grant: change.grant.map(Grant::from),
        enabled: change.enabled,
    };
    let changed = plugins::configure(&state.house, &JsonSchema, within.organisation.id, id, change).await?;
    Ok(Json(view(&state, changed)))
}

/// Replaces the values of a secret. No call ever shows them.
#[utoipa::path(put, path = "/v1/organisations/{organisation}/installations/{id}/secrets/{name}", tag = "installations",
    request_body = SetSecret, responses((status = 204, description = "They are sealed.")))]
async fn set_secret(
    State(state): State<AppState>,
    within: Within<Manage>,
    PathId(id): PathId<InstallationId>,
    PathName(name): PathName,
    Json(secret): Json<SetSecret>,
) -> Result<StatusCode, Problem> {
    let values = sealed(secret.values);
    plugins::set_secret(&state.house, within.organisation.id, id, &name, &values).await?;
    Ok(StatusCode::NO_CONTENT)
}
