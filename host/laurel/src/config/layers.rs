//! Lays file, environment and flags over the defaults.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Config, DEFAULTS};

/// What is wrong with the configuration. The text says what to change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("cannot read the configuration {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0} is not valid TOML: {1}")]
    NotToml(String, toml::de::Error),
    #[error("{source_name} sets {key}, which is no setting; `laurel config` prints all of them")]
    Unknown { source_name: String, key: String },
    #[error("{source_name}: {key} must be {expected}, not {found}")]
    Type { source_name: String, key: String, expected: &'static str, found: String },
    #[error("{0}")]
    Value(String),
}

/// The sections whose keys are names that the operator chooses.
const FREE: [&str; 2] = ["plugins.limits", "contexts"];

/// Settings collected from several places.
#[derive(Debug)]
pub(crate) struct Layers {
    table: Table,
}

impl Layers {
    /// The defaults alone.
    pub(crate) fn defaults() -> Result<Self, ConfigError> {
        Ok(Self { table: parse("laurel.default.toml", DEFAULTS)? })
    }

    /// Lays a file over what is there.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|why| ConfigError::Unreadable(path.to_owned(), why))?;
        let name = path.display().to_string();
        let table = parse(&name, &text)?;
        lay_over(&mut self.table, table, &name, "")?;
        Ok(self)
    }

    /// Lays the variables of the environment over what is there: `leases.ttl-millis` is `LAUREL_LEASES_TTL_MILLIS`.
    pub(crate) fn environment(self, find: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut layers = self;
        for key in keys(&layers.table, "") {
            let variable = variable(&key);
            if let Some(text) = find(&variable) {
                layers = layers.set(&variable, &key, &text)?;
            }
        }
        Ok(layers)
    }

    /// Lays one value over what is there, read as the type that the setting has. `source` is named when it does not fit.
    pub(crate) fn set(mut self, source: &str, key: &str, text: &str) -> Result<Self, ConfigError> {
        let unknown = || ConfigError::Unknown { source_name: source.to_owned(), key: key.to_owned() };
        let mut place = &mut self.table;
        let mut parts = key.split('.').peekable();
        while let Some(part) = parts.next() {
            let value = place.get_mut(part).ok_or_else(unknown)?;
            match value {
                Value::Table(table) => place = table,
                value if parts.peek().is_none() => {
                    *value = read_like(value, text).map_err(|expected| {
                        let found = format!("{text:?}");
                        ConfigError::Type { source_name: source.to_owned(), key: key.to_owned(), expected, found }
                    })?;
                    return Ok(self);
                }
                _ => return Err(unknown()),
            }
        }
        Err(unknown())
    }

    /// The settings, checked.
    pub(crate) fn finish(self) -> Result<Config, ConfigError> {
        let config = Config::deserialize(self.table).map_err(|why| ConfigError::Value(why.to_string()))?;
        config.checked()
    }
}

fn parse(name: &str, text: &str) -> Result<Table, ConfigError> {
    text.parse().map_err(|why| ConfigError::NotToml(name.to_owned(), why))
}

fn lay_over(below: &mut Table, above: Table, source: &str, prefix: &str) -> Result<(), ConfigError> {
    for (name, value) in above {
        let key = format!("{prefix}{name}");
        let source_name = source.to_owned();
        match (below.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) if FREE.contains(&key.as_str()) => below.extend(above),
            (None, _) => return Err(ConfigError::Unknown { source_name, key }),
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above, source, &format!("{key}."))?,
            (Some(below), value) if below.same_type(&value) => *below = value,
            (Some(below), value) => {
                let (expected, found) = (kind(below), kind(&value).to_owned());
                return Err(ConfigError::Type { source_name, key, expected, found });
            }
        }
    }
    Ok(())
}

/// The keys of all settings, with dots.
fn keys(table: &Table, prefix: &str) -> Vec<String> {
    let of = |(name, value): (&String, &Value)| match value {
        Value::Table(inner) => keys(inner, &format!("{prefix}{name}.")),
        _ => vec![format!("{prefix}{name}")],
    };
    table.iter().flat_map(of).collect()
}

fn variable(key: &str) -> String {
    format!("LAUREL_{}", key.replace(['.', '-'], "_").to_ascii_uppercase())
}

fn read_like(model: &Value, text: &str) -> Result<Value, &'static str> {
    let read = match model {
        Value::Integer(_) => text.parse().map(Value::Integer).ok(),
        Value::Boolean(_) => text.parse().map(Value::Boolean).ok(),
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => Some(Value::String(text.to_owned())),
    };
    read.ok_or(kind(model))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "a whole number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
        Value::String(_) => "a text",
        Value::Float(_) | Value::Datetime(_) => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_layers_win() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laurel.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nnode = \"file\"\n[leases]\nttl-millis = 1000\n").unwrap();
        let environment = |name: &str| match name {
            "LAUREL_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "LAUREL_NODE" => Some("environment".to_owned()),
            _ => None,
        };
        let layers = Layers::defaults().unwrap().file(&file).unwrap().environment(environment).unwrap();
        let config = layers.set("--listen", "listen", "127.0.0.1:3").unwrap().finish().unwrap();
        assert_eq!(config.listen, "127.0.0.1:3".parse().unwrap());
        assert_eq!((config.node.as_str(), config.leases.ttl_millis), ("environment", 1000));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laurel.toml");
        let refused = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Layers::defaults().unwrap().file(&file).unwrap_err().to_string()
        };
        assert!(refused("[leases]\nttl = 5\n").contains("leases.ttl, which is no setting"));
        assert!(refused("[leases]\nttl-millis = \"5\"\n").contains("leases.ttl-millis must be a whole number"));
        assert!(refused("listen = \n").contains("is not valid TOML"));
        let environment = |name: &str| (name == "LAUREL_LEASES_TTL_MILLIS").then(|| "long".to_owned());
        let refused = Layers::defaults().unwrap().environment(environment).unwrap_err().to_string();
        assert!(refused.contains("LAUREL_LEASES_TTL_MILLIS: leases.ttl-millis must be a whole number"), "{refused}");
    }
}
