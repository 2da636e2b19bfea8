//! `laurel credential unbake`

use std::io::Write;

use anyhow::{Result, ensure};
use clap::Args;

use super::source::Source;
use crate::cli::block_on;

/// Print the credential that is inside a PNG or SVG image, exactly
#[derive(Debug, Args)]
pub(crate) struct Unbake {
    #[command(flatten)]
    source: Source,
}

impl Unbake {
    pub(crate) fn run(self) -> Result<()> {
        let found = block_on(self.source.credential())?;
        ensure!(found.form.contains("image"), "this is no image but {} already", found.form);
        Ok(std::io::stdout().write_all(&found.text)?)
    }
}
