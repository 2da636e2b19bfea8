//! The installation's settings, those that are no secrets. The host has checked them against the manifest's schema.

use serde::de::DeserializeOwned;

/// The settings as the plugin's own type. The error says what does not fit; a connector turns it into a
/// [`Refusal`](crate::hook::Refusal) with `?`.
pub fn get<T: DeserializeOwned>() -> Result<T, Unfit> {
    serde_json::from_str(&text()).map_err(|error| Unfit(error.to_string()))
}

/// The settings' JSON text.
#[cfg(target_arch = "wasm32")]
pub fn text() -> String {
    crate::bindings::settings::get()
}

/// The settings' JSON text.
#[cfg(not(target_arch = "wasm32"))]
pub fn text() -> String {
    crate::testing::settings()
}

/// The settings are not what the plugin's type expects: its schema and its type disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit(pub String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the installation's settings do not fit the plugin: {}", self.0)
    }
}

impl std::error::Error for Unfit {}
