//! `laurel credential`

mod bake;
mod canonicalize;
mod inspect;
mod source;
mod unbake;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// Look at credentials, verify them, and put them into images
#[derive(Debug, Subcommand)]
pub(crate) enum Credential {
    Verify(verify::Verify),
    Inspect(inspect::Inspect),
    Bake(bake::Bake),
    Unbake(unbake::Unbake),
    Canonicalize(canonicalize::Canonicalize),
}

impl Credential {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Verify(verify) => return Ok(verify.run()),
            Self::Inspect(inspect) => inspect.run()?,
            Self::Bake(bake) => bake.run()?,
            Self::Unbake(unbake) => unbake.run()?,
            Self::Canonicalize(canonicalize) => canonicalize.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
