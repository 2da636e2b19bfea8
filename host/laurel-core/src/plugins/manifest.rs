//! What a plugin says of itself: `plugin.toml`, embedded in the component as the custom section `laurel:manifest`.

use serde::{Deserialize, Serialize};

/// A parsed `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// 1 to 63 of `a-z 0-9 -`.
    pub name: String,
    /// A semantic version.
    pub version: String,
    /// Who answers for it.
    pub publisher: String,
    /// One sentence.
    pub description: String,
    /// What it exports.
    pub interfaces: Vec<Interface>,
    /// What it imports; a superset of the component's real imports.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Criteria: kinds it folds, `*` when the settings name them. Connectors: kinds it may assert.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Hosts its `http` wants.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// JSON Schema (draft 2020-12) of the settings, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_schema: Option<String>,
    /// Patterns of fixture files beside the source; for the author's tools only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixtures: Vec<String>,
    /// Secrets it asks about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretNeed>,
    /// Its own limits where they differ from the defaults. The operator's count more.
    #[serde(default)]
    pub limits: Limits,
}

/// A named secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecretNeed {
    /// Its name: 1 to 63 of `a-z 0-9 -`.
    pub name: String,
    /// What it is and where the operator finds it.
    pub description: String,
}

/// What a plugin can export.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// Award criteria.
    Criteria,
    /// Receives requests.
    Hook,
    /// Pushes awards.
    Delivery,
    /// Pulls events.
    Sync,
    /// Proposes identifiers.
    Identity,
}

/// What a plugin can import.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Lines in its log.
    Log,
    /// Its settings.
    Settings,
    /// Questions about secrets.
    Keys,
    /// Requests to allowed hosts.
    Http,
}

/// Limits of one call; none means the default for the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Limits {
    /// Wasm instructions, about.
    pub fuel: Option<u64>,
    /// Bytes of linear memory, all memories together.
    pub memory: Option<u64>,
    /// Wall-clock time.
    pub deadline_ms: Option<u64>,
    /// Bytes that may cross back to the host.
    pub output: Option<u64>,
    /// Lines it may log.
    pub log_lines: Option<u32>,
}
