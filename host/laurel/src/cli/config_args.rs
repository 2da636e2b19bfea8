//! The flags that change settings.

use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, ConfigError, Layers};

/// Where the settings come from, and those that are often changed.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// A file with settings; `laurel config` prints one with all of them
    #[arg(long, value_name = "FILE", env = "LAUREL_CONFIG")]
    config: Option<PathBuf>,
    /// The folder for what belongs to this host alone
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// A SQLite file or a postgres:// URL
    #[arg(long, value_name = "DATABASE")]
    database: Option<String>,
    /// Any other setting, such as --set leases.ttl-millis=5000
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl ConfigArgs {
    /// The settings, with these flags and `more` (flag, key, value) over file and environment.
    pub(crate) fn load(&self, more: &[(&str, &str, Option<&str>)]) -> Result<Config, ConfigError> {
        let mut layers = Layers::defaults()?;
        if let Some(file) = &self.config {
            layers = layers.file(file)?;
        }
        layers = layers.environment(|name| std::env::var(name).ok())?;
        let own = [
            ("--data-dir", "data-dir", self.data_dir.as_deref()),
            ("--database", "database", self.database.as_deref()),
        ];
        for (flag, key, value) in own.iter().chain(more) {
            if let Some(value) = value {
                layers = layers.set(flag, key, value)?;
            }
        }
        for (key, value) in &self.set {
            layers = layers.set("--set", key, value)?;
        }
        layers.finish()
    }
}
