//! `laurel plugin install`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::cli::api::ApiArgs;

/// Bring a plugin to a running host; organisations can then be given an installation of it
#[derive(Debug, Args)]
pub(crate) struct Install {
    #[command(flatten)]
    api: ApiArgs,
    /// The component
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// Print the answer as one JSON document
    #[arg(long)]
    json: bool,
}

impl Install {
    pub(crate) async fn run(self) -> Result<()> {
        let component = std::fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let plugin = self.api.post("/v1/plugins", "application/wasm", component).await?;
        if self.json {
            println!("{plugin}");
        } else {
            println!("{}", super::list::line(&plugin));
        }
        Ok(())
    }
}
