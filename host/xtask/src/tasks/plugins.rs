//! `cargo xtask plugins`

use anyhow::Result;
use clap::Args;

use crate::wasm::guests;
use crate::wasm::target::{Choice, WasmTarget};
use crate::wasm::verifier;
use crate::workspace::Workspace;

/// Build every official plugin from source to a component in target/plugins/, and the browser's verifier to target/verifier.wasm
#[derive(Debug, Args)]
pub(crate) struct Plugins {
    /// Where the wasm target's standard library comes from
    #[arg(long, value_enum, env = "LAUREL_WASM_STD", default_value_t = Choice::Auto)]
    std: Choice,
}

impl Plugins {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let target = WasmTarget::ensure(workspace, self.std)?;
        for plugin in guests::build(workspace, &target)? {
            println!("{plugin}");
        }
        println!("{}", verifier::build(workspace, &target)?.display());
        Ok(())
    }
}
