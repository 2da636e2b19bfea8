//! `cargo xtask check`

use anyhow::Result;
use clap::Args;

use crate::process::{self, cargo};
use crate::stages::Stages;
use crate::tidy;
use crate::tools::cargo_deny::{self, Advisories};
use crate::wasm::target::{Choice, WasmTarget};
use crate::workspace::Workspace;

/// Format, lints, tidy rules, licences and sources of dependencies
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Where the wasm target's standard library comes from
    #[arg(long, value_enum, env = "LAUREL_WASM_STD", default_value_t = Choice::Auto)]
    std: Choice,
}

impl Check {
    /// The quick ones first: who forgot to format should not wait for the lints to say so.
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let mut stages = Stages::start();
        let outcome = self.stages(workspace, &mut stages);
        stages.print();
        outcome
    }

    fn stages(&self, workspace: &Workspace, stages: &mut Stages) -> Result<()> {
        stages.run("format", || process::run(cargo(&workspace.root).args(["fmt", "--all", "--check"])))?;
        stages.run("tidy", || tidy::check(workspace))?;
        stages.run("clippy", || clippy(workspace))?;
        stages.run("clippy, wasm", || self.clippy_guests(workspace))?;
        let deny = stages.run("cargo-deny", || cargo_deny::ensure(workspace))?;
        stages.run("deny", || cargo_deny::check(workspace, &deny))?;
        if let Advisories::Unreachable(reason) =
            stages.run("advisories", || cargo_deny::check_advisories(workspace, &deny))?
        {
            stages.note(format!("NOT CHECKED: the advisory database cannot be reached: {reason}"));
        }
        Ok(())
    }

    /// What a guest exports exists only when it is compiled for wasm, so the lints above have not seen it. The Open Badges
    /// crate is compiled along: that it can be is what the browser's verifier rests on.
    fn clippy_guests(&self, workspace: &Workspace) -> Result<()> {
        let target = WasmTarget::ensure(workspace, self.std)?;
        let plugins = workspace.root.join("plugins");
        let mut command = cargo(&workspace.root);
        command.args(["clippy", "--package=laurel-openbadges", "--package=laurel-plugin"]);
        for member in workspace.members.iter().filter(|member| member.folder.starts_with(&plugins)) {
            command.arg(format!("--package={}", member.package));
        }
        target.apply(&mut command);
        process::run(command.args(["--", "--deny=warnings"]))
    }
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let mut command = cargo(&workspace.root);
    process::run(command.args(["clippy", "--workspace", "--all-targets", "--", "--deny=warnings"]))
}
