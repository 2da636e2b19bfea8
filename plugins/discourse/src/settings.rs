//! The installation's settings.

use laurel_plugin::json::Value;
use laurel_plugin::settings::{self, Unfit};

/// See the schema in `plugin.toml`.
pub(crate) struct Settings {
    /// The forum's address without a slash at the end: the home-page of its accounts.
    pub(crate) instance: String,
    own_badges: Vec<i64>,
    own_users: Vec<i64>,
}

impl Settings {
    pub(crate) fn load() -> Result<Self, Unfit> {
        let text = settings::text();
        let value = Value::parse(&text).map_err(|error| Unfit(error.to_string()))?;
        let instance = value.get("instance").text().ok_or_else(|| Unfit("`instance` is missing".into()))?;
        let ids = |key: &str| value.get(key).items().iter().filter_map(Value::integer).collect();
        Ok(Self {
            instance: instance.trim_end_matches('/').into(),
            own_badges: ids("own-badges"),
            own_users: ids("own-users"),
        })
    }

    pub(crate) fn is_instance(&self, instance: &str) -> bool {
        instance.trim_end_matches('/').eq_ignore_ascii_case(&self.instance)
    }

    /// Whether a grant is the echo of our own.
    pub(crate) fn is_echo(&self, badge: Option<i64>, granted_by: Option<i64>) -> bool {
        badge.is_some_and(|badge| self.own_badges.contains(&badge))
            || granted_by.is_some_and(|user| self.own_users.contains(&user))
    }
}
