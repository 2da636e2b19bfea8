//! `laurel credential`

mod fetch;
mod verify;

use std::process::ExitCode;

use clap::Subcommand;

/// Look at credentials
#[derive(Debug, Subcommand)]
pub(crate) enum Credential {
    Verify(verify::Verify),
}

impl Credential {
    pub(crate) fn run(self) -> ExitCode {
        match self {
            Self::Verify(verify) => verify.run(),
        }
    }
}
