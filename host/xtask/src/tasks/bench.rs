//! `cargo xtask bench`

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::process::{self, cargo};
use crate::tools::Need;
use crate::tools::postgres::Cluster;
use crate::wasm::guests;
use crate::wasm::target::{Choice, WasmTarget};
use crate::workspace::Workspace;

/// What is measured, in order.
const BENCHES: [&str; 4] = ["speed", "evaluate", "ingest", "product"];

/// Measure, each figure beside its limit in the same run
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// One line of JSON a figure: name, value, unit, limit, ratio
    #[arg(long)]
    json: bool,
    /// Run only the bench with this name (speed, evaluate, ingest, product)
    #[arg(long, value_name = "BENCH")]
    only: Option<String>,
    /// Where the wasm target's standard library comes from
    #[arg(long, value_enum, env = "LAUREL_WASM_STD", default_value_t = Choice::Auto)]
    std: Choice,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let target = WasmTarget::ensure(workspace, self.std)?;
        guests::build(workspace, &target)?;
        process::run(cargo(&workspace.root).args([
            "build",
            "--release",
            "--quiet",
            "--workspace",
            "--bins",
            "--benches",
        ]))?;
        let cluster = Cluster::start()?;
        let mut surroundings: Vec<(&str, OsString)> = vec![
            ("LAUREL_PLUGINS", workspace.plugins().into()),
            ("LAUREL_BIN", workspace.target.join("release/laurel").into()),
        ];
        if let Need::Ready { variable, value, .. } = cluster.need() {
            surroundings.push((variable, value));
        }
        let wanted = |bench: &&&str| self.only.as_deref().is_none_or(|only| only == **bench);
        for bench in BENCHES.iter().filter(wanted) {
            let mut command = cargo(&workspace.root);
            // The whole workspace each time, so that every crate is built with the same features, and once.
            command.args(["bench", "--quiet", "--workspace", "--bench", bench]);
            if self.json {
                command.args(["--", "--json"]);
            }
            process::run(command.envs(surroundings.iter().map(|(name, value)| (name, value))))?;
        }
        Ok(())
    }
}
