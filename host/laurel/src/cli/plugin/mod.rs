//! `laurel plugin`

mod build;
mod check;
mod compile;
mod fixture;
mod install;
mod list;

use anyhow::Result;
use clap::Subcommand;

use super::block_on;
use crate::logging;

/// Build, check, install and list plugins
#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    Build(build::Build),
    Check(check::Check),
    Install(install::Install),
    List(list::List),
    #[command(hide = true)]
    Compile(compile::Compile),
}

impl Plugin {
    pub(crate) fn run(self) -> Result<()> {
        logging::start_quiet();
        match self {
            Self::Build(build) => build.run(),
            Self::Check(check) => block_on(check.run()),
            Self::Install(install) => block_on(install.run()),
            Self::List(list) => block_on(list.run()),
            Self::Compile(compile) => compile.run(),
        }
    }
}
