//! The installation's settings.

use std::borrow::Cow;

use laurel_plugin::json::Value;
use laurel_plugin::settings::{self, Unfit};

/// See the schema in `plugin.toml`.
pub(crate) struct Settings {
    instance: Option<String>,
    portal: Option<String>,
    won: Vec<String>,
    lost: Vec<String>,
    contact_properties: Option<Vec<String>>,
}

/// What a deal stage means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Won,
    Lost,
    Between,
}

impl Settings {
    pub(crate) fn load() -> Result<Self, Unfit> {
        let text = settings::text();
        let value = Value::parse(&text).map_err(|error| Unfit(error.to_string()))?;
        let list = |key: &str| match value.get(key) {
            Value::Array(items) => Some(items.iter().filter_map(Value::text).map(str::to_owned).collect()),
            _ => None,
        };
        let settings = Self {
            instance: value.get("instance").text().map(|instance| instance.trim_end_matches('/').to_owned()),
            portal: value.get("portal").id().map(Cow::into_owned),
            won: list("won-stages").unwrap_or_else(|| vec!["closedwon".into()]),
            lost: list("lost-stages").unwrap_or_else(|| vec!["closedlost".into()]),
            contact_properties: list("contact-properties"),
        };
        if settings.instance.is_some() && settings.portal.is_none() {
            return Err(Unfit("`instance` needs `portal`: two portals must not share a home-page".into()));
        }
        Ok(settings)
    }

    /// The home-page of a portal's accounts; `None` if the portal is not the one of this installation.
    pub(crate) fn home_page(&self, portal: &str) -> Option<String> {
        if self.portal.as_deref().is_some_and(|ours| ours != portal) {
            return None;
        }
        Some(self.instance.clone().unwrap_or_else(|| format!("https://app.hubspot.com/portal/{portal}")))
    }

    pub(crate) fn stage(&self, stage: &str) -> Stage {
        let among = |stages: &[String]| stages.iter().any(|one| one == stage);
        match (among(&self.won), among(&self.lost)) {
            (true, _) => Stage::Won,
            (_, true) => Stage::Lost,
            _ => Stage::Between,
        }
    }

    pub(crate) fn takes(&self, contact_property: &str) -> bool {
        self.contact_properties.as_ref().is_none_or(|taken| taken.iter().any(|one| one == contact_property))
    }
}
