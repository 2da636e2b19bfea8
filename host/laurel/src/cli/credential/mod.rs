//! `laurel credential`

mod bake;
mod callback;
mod canonicalize;
mod connection;
mod inspect;
mod more_contexts;
mod pull;
mod push;
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
    Push(push::Push),
    Pull(pull::Pull),
}

impl Credential {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Verify(verify) => return Ok(verify.run()),
            Self::Inspect(inspect) => inspect.run()?,
            Self::Bake(bake) => bake.run()?,
            Self::Unbake(unbake) => unbake.run()?,
            Self::Canonicalize(canonicalize) => canonicalize.run()?,
            Self::Push(push) => push.run()?,
            Self::Pull(pull) => pull.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
