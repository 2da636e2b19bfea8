//! A plugin comes to the host.

use super::{LoadError, Plugin, PluginDigest};
use crate::error::Error;
use crate::house::House;

/// Loads a component, which checks it against its manifest, and keeps it. The same component again changes nothing.
pub async fn add(house: &House, component: &[u8]) -> Result<Plugin, Error> {
    let (digest, manifest) = house.sandbox.load(component).await.map_err(|error| match error {
        LoadError::TooLarge { .. } => Error::TooLarge(error.to_string()),
        other => Error::invalid("", other.to_string()),
    })?;
    let known = house.store.plugin(digest).await?;
    let added = known.map_or_else(|| house.clock.now(), |plugin| plugin.added);
    let plugin = Plugin { digest, manifest, added, broken: None };
    house.store.insert_plugin(&plugin, component).await?;
    Ok(plugin)
}

/// A plugin the host knows.
pub async fn show(house: &House, digest: PluginDigest) -> Result<Plugin, Error> {
    house.store.plugin(digest).await?.ok_or(Error::NotFound("plugin"))
}
