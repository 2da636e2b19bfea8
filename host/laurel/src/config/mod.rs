//! The configuration: `laurel.default.toml` holds every setting with its default and its explanation. A file changes some of them, the
//! environment some more, flags the rest; later ones win.

mod layers;
mod settings;

pub(crate) use layers::{ConfigError, Layers};
pub(crate) use settings::{Compile, Config, Database, Http, Log, LogFormat, Outbound, Plugins};

/// Every setting, its default and what it does.
pub(crate) const DEFAULTS: &str = include_str!("../../laurel.default.toml");
