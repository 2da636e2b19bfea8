//! Plugins (component + manifest) and installations (a plugin in one organisation, with settings, secrets and grants).

mod add;
mod calls;
mod grant;
mod install;
mod manifest;
mod sandbox;
mod secrets;
mod settings;
mod store;

pub use add::{add, show};
pub use calls::{
    Award, Change, Checked, CriteriaEvent, Decision, Evaluated, Header, HookRequest, HookResponse, IncomingEvent,
    Outcome, Points, Progress, Reception, Refusal, Requirement,
};
pub use grant::covers;
pub(crate) use grant::in_namespace;
pub use install::{Change as InstallationChange, NewInstallation, configure, find, install};
pub use manifest::{Capability, Interface, Limits, Manifest, SecretNeed};
pub use sandbox::{
    CallContext, CallError, LoadError, Outbound, OutboundError, OutboundRequest, OutboundResponse, Sandbox,
};
pub use secrets::{SecretValues, call_context, set_secret};
pub use settings::SettingsSchema;
pub use store::PluginStore;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

use crate::id::{InstallationId, OrganisationId};
use crate::time::Timestamp;
use crate::tokens::Assertions;

/// SHA-256 of a plugin's component: what a plugin *is*.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginDigest(pub [u8; 32]);

impl fmt::Display for PluginDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PluginDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{self}")
    }
}

/// Not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a plugin digest is 64 hexadecimal digits")]
pub struct NotADigest;

impl FromStr for PluginDigest {
    type Err = NotADigest;
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotADigest);
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).map_err(|_| NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

/// A plugin known to the host.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Digest of the component.
    pub digest: PluginDigest,
    /// What it says of itself, checked against what it is.
    pub manifest: Manifest,
    /// When it came.
    pub added: Timestamp,
    /// Why it cannot run on this host; none when it can.
    pub broken: Option<String>,
}

/// A plugin in one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Installation {
    /// Its id; also in its hook URL.
    pub id: InstallationId,
    /// Whose.
    pub organisation: OrganisationId,
    /// Which plugin.
    #[serde(serialize_with = "as_text")]
    pub plugin: PluginDigest,
    /// Its name for the operator.
    pub name: String,
    /// Settings that are no secrets, a JSON document that fits the manifest's schema.
    pub settings: String,
    /// What the operator allows it.
    pub grant: Grant,
    /// Whether hooks answer and rules run.
    pub enabled: bool,
    /// When it was made.
    pub created: Timestamp,
}

fn as_text<T: fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The operator's yes: a capability needs the manifest's and this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Grant {
    /// What may be linked.
    pub capabilities: Vec<Capability>,
    /// Names of secrets it may ask about.
    pub secrets: Vec<String>,
    /// Hosts its `http` may reach.
    pub hosts: Vec<String>,
    /// What its events may claim; connectors need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertions: Option<Assertions>,
}
