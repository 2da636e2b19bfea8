//! `laurel credential bake`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use laurel_openbadges::baking::bake;

use super::source::{Source, local};
use crate::cli::block_on;

/// Put a credential into a PNG or SVG image
///
/// Only the container of the image is touched; a credential that is in it already is replaced.
#[derive(Debug, Args)]
pub(crate) struct Bake {
    #[command(flatten)]
    source: Source,
    /// The PNG or SVG image
    #[arg(long, value_name = "FILE")]
    image: String,
    /// Where to write the image with the credential inside
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Bake {
    pub(crate) fn run(self) -> Result<()> {
        let credential = block_on(self.source.credential())?;
        let text = String::from_utf8(credential.text).context("the credential is not text")?;
        let baked = bake(&local(&self.image)?, text.trim()).with_context(|| self.image.clone())?;
        std::fs::write(&self.output, baked).with_context(|| format!("cannot write {}", self.output.display()))
    }
}
