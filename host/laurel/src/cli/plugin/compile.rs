//! `laurel plugin compile`, hidden: the process in which the host compiles a component, with little time and memory.

use anyhow::{Result, anyhow};
use clap::Args;
use laurel_plugins::{Size, compile_in_child};

/// Compile a component from standard input to machine code on standard output; the host calls this itself
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// Which pool it is for: small or large
    #[arg(value_parser = |name: &str| Size::from_name(name).ok_or("small or large"))]
    size: Size,
}

impl Compile {
    pub(crate) fn run(&self) -> Result<()> {
        compile_in_child(self.size).map_err(|why| anyhow!(why))
    }
}
