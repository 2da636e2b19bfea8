use async_trait::async_trait;

use super::{Installation, Plugin, PluginDigest};
use crate::id::{InstallationId, OrganisationId};
use crate::page::{Page, PageRequest};
use crate::store::StoreError;

/// Plugins and installations, stored.
#[async_trait]
pub trait PluginStore: Send + Sync {
    /// Adds a plugin with its component. Adding it again changes nothing but `broken`.
    async fn insert_plugin(&self, plugin: &Plugin, component: &[u8]) -> Result<(), StoreError>;
    /// By digest.
    async fn plugin(&self, digest: PluginDigest) -> Result<Option<Plugin>, StoreError>;
    /// All, by name, then version, then age.
    async fn plugins(&self) -> Result<Vec<Plugin>, StoreError>;
    /// Its bytes.
    async fn component(&self, digest: PluginDigest) -> Result<Option<Vec<u8>>, StoreError>;
    /// Records why it cannot run, or that it can.
    async fn set_plugin_broken(&self, digest: PluginDigest, why: Option<&str>) -> Result<(), StoreError>;

    /// Adds an installation. `Missing("plugin")` when there is no such plugin.
    async fn insert_installation(&self, installation: &Installation) -> Result<(), StoreError>;
    /// Changes plugin, name, settings, grant and enabled; bumps the rules' generation. With another plugin, every state of the
    /// installation's rules is parked without a trigger, to be folded again. False when there is none.
    async fn update_installation(&self, installation: &Installation) -> Result<bool, StoreError>;
    /// By id.
    async fn installation(&self, id: InstallationId) -> Result<Option<Installation>, StoreError>;
    /// Of an organisation, oldest first.
    async fn installations(
        &self,
        organisation: OrganisationId,
        page: PageRequest,
    ) -> Result<Page<Installation>, StoreError>;

    /// Replaces the sealed values of a secret; an empty list removes it.
    async fn set_secret(&self, installation: InstallationId, name: &str, sealed: &[Vec<u8>]) -> Result<(), StoreError>;
    /// All secrets of an installation, sealed: name and values.
    async fn secrets(&self, installation: InstallationId) -> Result<Vec<(String, Vec<Vec<u8>>)>, StoreError>;
}
