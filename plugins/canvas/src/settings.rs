//! The installation's settings.

use laurel_plugin::json::Value;
use laurel_plugin::settings::{self, Unfit};

/// See the schema in `plugin.toml`.
pub(crate) struct Settings {
    /// The instance's address without a slash at the end: the home-page of its accounts.
    pub(crate) instance: String,
    pub(crate) allow_unsigned: bool,
}

impl Settings {
    pub(crate) fn load() -> Result<Self, Unfit> {
        let text = settings::text();
        let value = Value::parse(&text).map_err(|error| Unfit(error.to_string()))?;
        let instance = value.get("instance").text().ok_or_else(|| Unfit("`instance` is missing".into()))?;
        Ok(Self {
            instance: instance.trim_end_matches('/').into(),
            allow_unsigned: value.get("allow-unsigned").bool().unwrap_or(false),
        })
    }
}
