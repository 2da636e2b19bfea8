//! `laurel plugin list`

use anyhow::Result;
use clap::Args;
use serde_json::Value;

use crate::cli::api::ApiArgs;

/// List the plugins of a running host
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    api: ApiArgs,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<()> {
        let plugins = self.api.get("/v1/plugins").await?;
        if self.json {
            println!("{plugins}");
            return Ok(());
        }
        for plugin in plugins.get("items").and_then(Value::as_array).into_iter().flatten() {
            println!("{}", line(plugin));
        }
        Ok(())
    }
}

/// A plugin on one line: digest, name, version, and whether it works.
pub(super) fn line(plugin: &Value) -> String {
    let text = |path: &str| plugin.pointer(path).and_then(Value::as_str);
    let state = text("/broken").map_or_else(|| "works".to_owned(), |why| format!("BROKEN: {why}"));
    let (digest, name) = (text("/digest").unwrap_or("?"), text("/manifest/name").unwrap_or("?"));
    format!("{digest}  {name} {}  {state}", text("/manifest/version").unwrap_or("?"))
}
