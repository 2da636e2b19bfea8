//! A plugin starts to work for an organisation.

use serde_json::Value;
use std::collections::BTreeMap;

use super::secrets::{self, SecretValues};
use super::{Grant, Installation, Interface, Manifest, PluginDigest, SettingsSchema, show};
use crate::bell::Work;
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{InstallationId, OrganisationId};
use crate::text::one_line;

/// What a new installation shall be.
#[derive(Clone, Debug)]
pub struct NewInstallation {
    /// Which plugin.
    pub plugin: PluginDigest,
    /// Its name for the operator.
    pub name: String,
    /// Settings that are no secrets: a JSON object.
    pub settings: Value,
    /// What it is allowed. An empty source of its assertions becomes `installation:{id}`.
    pub grant: Grant,
    /// Values of secrets, by name.
    pub secrets: BTreeMap<String, SecretValues>,
    /// Whether it works at once.
    pub enabled: bool,
}

/// What changes about an installation; none leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Another version of the same plugin.
    pub plugin: Option<PluginDigest>,
    /// Its name for the operator.
    pub name: Option<String>,
    /// All settings anew.
    pub settings: Option<Value>,
    /// The whole grant anew.
    pub grant: Option<Grant>,
    /// Whether it works.
    pub enabled: Option<bool>,
}

/// An installation of an organisation.
pub async fn find(house: &House, organisation: OrganisationId, id: InstallationId) -> Result<Installation, Error> {
    let found = house.store.installation(id).await?.filter(|each| each.organisation == organisation);
    found.ok_or(Error::NotFound("installation"))
}

/// Installs a plugin: settings fit its schema, grants are among what it asks for, secrets are sealed.
pub async fn install(
    house: &House,
    schema: &dyn SettingsSchema,
    organisation: OrganisationId,
    new: NewInstallation,
) -> Result<Installation, Error> {
    let manifest = match house.store.plugin(new.plugin).await? {
        Some(plugin) => plugin.manifest,
        None => return Err(Error::invalid("/plugin", "there is no plugin with this digest here: upload it first")),
    };
    let now = house.clock.now();
    let id = InstallationId::new(now, &*house.random);
    let settings = new.settings.to_string();
    let grant = with_source(new.grant, id);
    let installation = Installation {
        id,
        organisation,
        plugin: new.plugin,
        name: new.name,
        settings,
        grant,
        enabled: new.enabled,
        created: now,
    };
    let mut problems = check(schema, &installation, &manifest);
    for (name, values) in &new.secrets {
        problems.extend(secrets::check(&manifest, name, values, &format!("/secrets/{name}")));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    house.store.insert_installation(&installation).await?;
    for (name, values) in &new.secrets {
        secrets::store(house, id, name, values).await?;
    }
    Ok(installation)
}

/// Changes an installation; what results is checked as a new one is.
pub async fn configure(
    house: &House,
    schema: &dyn SettingsSchema,
    organisation: OrganisationId,
    id: InstallationId,
    change: Change,
) -> Result<Installation, Error> {
    let before = find(house, organisation, id).await?;
    let plugin = show(house, change.plugin.unwrap_or(before.plugin)).await?;
    if plugin.digest != before.plugin && plugin.manifest.name != show(house, before.plugin).await?.manifest.name {
        return Err(Error::invalid("/plugin", "this is another plugin, not another version of it: install it anew"));
    }
    let after = Installation {
        plugin: plugin.digest,
        name: change.name.unwrap_or(before.name),
        settings: change.settings.map_or(before.settings, |settings| settings.to_string()),
        grant: change.grant.map_or(before.grant, |grant| with_source(grant, id)),
        enabled: change.enabled.unwrap_or(before.enabled),
        ..before
    };
    let problems = check(schema, &after, &plugin.manifest);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    house.store.update_installation(&after).await?;
    house.bell.ring(Work::Rules);
    Ok(after)
}

fn with_source(mut grant: Grant, id: InstallationId) -> Grant {
    if let Some(assertions) = &mut grant.assertions
        && assertions.source.is_empty()
    {
        assertions.source = format!("installation:{id}");
    }
    grant
}

fn check(schema: &dyn SettingsSchema, installation: &Installation, manifest: &Manifest) -> Vec<Problem> {
    let mut problems = installation.grant.check(manifest);
    if let Err(message) = one_line(&installation.name, 100) {
        problems.push(Problem::at("/name", message));
    }
    if !installation.settings.starts_with('{') {
        problems.push(Problem::at("/settings", "settings are a JSON object"));
    } else if let (true, Some(text)) = (takes_settings(manifest), &manifest.settings_schema)
        && let Err(faults) = schema.check(text, &installation.settings)
    {
        problems.extend(faults.into_iter().map(|each| Problem::at(format!("/settings{}", each.pointer), each.message)));
    }
    problems
}

/// A connector's schema is about its installation's settings; that of a plugin with only criteria is about its rules'.
fn takes_settings(manifest: &Manifest) -> bool {
    manifest.interfaces.iter().any(|each| *each != Interface::Criteria)
}
