//! `cargo xtask demo`

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::demo::{Narrator, Stage, play};
use crate::process::{self, cargo};
use crate::wasm::guests;
use crate::wasm::target::{Choice, WasmTarget};
use crate::wasm::verifier;
use crate::workspace::Workspace;

/// Build everything, start a host on fresh data, and show a badge program at work
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the host listens on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// End after the last check, with a failure if one failed
    #[arg(long)]
    once: bool,
    /// Print one summary document on standard output, and the story on standard error
    #[arg(long)]
    json: bool,
    /// Where the wasm target's standard library comes from
    #[arg(long, value_enum, env = "LAUREL_WASM_STD", default_value_t = Choice::Auto)]
    std: Choice,
}

impl Demo {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let mut narrator = Narrator::new(self.json);
        narrator.chapter("Building the plugins and the host");
        let target = WasmTarget::ensure(workspace, self.std)?;
        let plugins = guests::build(workspace, &target)?.len();
        narrator.say(format!("{plugins} plugins built with the {}", target.describe()));
        let verifier = verifier::build(workspace, &target)?;
        let laurel = build(workspace)?;
        let (interrupted, interruption) = mpsc::channel();
        ctrlc::set_handler(move || {
            // Nobody listens any more: the demo is ending already.
            let _ = interrupted.send(());
        })
        .context("cannot listen for Ctrl-C")?;
        let stage = Stage {
            laurel,
            plugins: workspace.plugins(),
            verifier,
            oracles: workspace.target.join("oracles"),
            port: self.port,
        };
        let (host, summary) = play(&stage, &mut narrator)?;
        if self.json {
            println!("{}", serde_json::to_string(&summary)?);
        }
        if !self.once {
            narrator.say("The host goes on serving. Ctrl-C ends it and removes its data.");
            interruption.recv().context("cannot wait for Ctrl-C")?;
        }
        host.stop()?;
        if summary.failed() > 0 {
            bail!("{} of {} checks failed", summary.failed(), summary.checks.len());
        }
        Ok(())
    }
}

/// The host, with the features it also has in the tests, so that the large dependencies are compiled once and not twice.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--workspace", "--bin", "laurel", "--message-format=json-render-diagnostics"]);
    let messages = process::output(command.stderr(Stdio::inherit()))?;
    messages.lines().find_map(super::test::program_in).context("the workspace builds no program `laurel`")
}
