//! A new rule.

use serde_json::Value;

use super::{Rule, RuleMode};
use crate::achievements;
use crate::error::{Error, Problem};
use crate::events::RESERVED_PREFIX;
use crate::house::House;
use crate::id::{AchievementId, InstallationId, OrganisationId, RuleId};
use crate::plugins::{self, Interface, Manifest, Plugin, PluginDigest, SettingsSchema, covers};

/// What a new rule shall be.
#[derive(Clone, Debug)]
pub struct NewRule {
    /// What it awards.
    pub achievement: AchievementId,
    /// The criteria plugin's installation.
    pub installation: InstallationId,
    /// The plugin's settings for this rule.
    pub settings: Value,
    /// Event kinds it folds; none means all that the plugin consumes.
    pub kinds: Option<Vec<String>>,
    /// Whether it works at once.
    pub mode: RuleMode,
}

/// Makes a rule, if its plugin has no objection to the settings.
pub async fn create(
    house: &House,
    schema: &dyn SettingsSchema,
    organisation: OrganisationId,
    new: NewRule,
) -> Result<Rule, Error> {
    let achievement = achievements::find(house, organisation, new.achievement).await.map_err(at("/achievement"))?;
    if achievement.archived.is_some() {
        return Err(Error::Conflict("this achievement is archived: it is no longer awarded".to_owned()));
    }
    let installation = plugins::find(house, organisation, new.installation).await.map_err(at("/installation"))?;
    let plugin = plugins::show(house, installation.plugin).await?;
    if !plugin.manifest.interfaces.contains(&Interface::Criteria) {
        let message = format!("{} is no criteria plugin: it does not export `criteria`", plugin.manifest.name);
        return Err(Error::invalid("/installation", message));
    }
    let kinds = check_kinds(new.kinds, &plugin.manifest)?;
    let settings = new.settings.to_string();
    let requirements = requirements(house, schema, &plugin, installation.plugin, &settings)?;
    let now = house.clock.now();
    let rule = Rule {
        id: RuleId::new(now, &*house.random),
        organisation,
        achievement: achievement.id,
        installation: installation.id,
        settings,
        requirements,
        kinds,
        mode: new.mode,
        created: now,
    };
    house.store.insert_rule(&rule).await?;
    Ok(rule)
}

/// What the plugin says an earner must do, JSON; or what it says is wrong. The plugin is asked first:
/// its words are more precise than a schema's.
fn requirements(
    house: &House,
    schema: &dyn SettingsSchema,
    plugin: &Plugin,
    digest: PluginDigest,
    settings: &str,
) -> Result<String, Error> {
    let below = |problems: Vec<Problem>| {
        let moved = problems.into_iter().map(|each| Problem::at(format!("/settings{}", each.pointer), each.message));
        Error::Invalid(moved.collect())
    };
    let checked = house.sandbox.check(digest, settings).map_err(|error| Error::Plugin(error.to_string()))?;
    let requirements = checked.map_err(below)?;
    if let Some(text) = &plugin.manifest.settings_schema {
        schema.check(text, settings).map_err(below)?;
    }
    serde_json::to_string(&requirements).map_err(|error| Error::Internal(error.to_string()))
}

fn check_kinds(wanted: Option<Vec<String>>, manifest: &Manifest) -> Result<Vec<String>, Error> {
    let Some(kinds) = wanted else { return Ok(manifest.kinds.clone()) };
    let mut problems = Vec::new();
    if kinds.is_empty() {
        problems.push(Problem::at("/kinds", "name at least one event kind, or leave it out"));
    }
    for (index, kind) in kinds.iter().enumerate() {
        if kind.is_empty() || kind.starts_with(RESERVED_PREFIX) || !covers(&manifest.kinds, kind) {
            let message = format!("{} consumes only {}", manifest.name, manifest.kinds.join(", "));
            problems.push(Problem::at(format!("/kinds/{index}"), message));
        }
    }
    if problems.is_empty() { Ok(kinds) } else { Err(Error::Invalid(problems)) }
}

/// What the body names and is not there is a fault of the body, not of the place.
fn at(pointer: &'static str) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::NotFound(_) => Error::invalid(pointer, error.to_string()),
        other => other,
    }
}
