//! `cargo xtask test`

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::process::{self, cargo};
use crate::stages::Stages;
use crate::tools::{Need, chromium, oracles, postgres, shell};
use crate::wasm::guests;
use crate::wasm::target::{Choice, WasmTarget};
use crate::wasm::verifier;
use crate::workspace::Workspace;

use super::test_output::{self, Tally};

/// Install or start what the tests need, and run all of them
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Run only the tests whose path contains this
    #[arg(long, value_name = "FILTER")]
    only: Option<String>,
    /// Where the wasm target's standard library comes from
    #[arg(long, value_enum, env = "LAUREL_WASM_STD", default_value_t = Choice::Auto)]
    std: Choice,
    /// Passed on to the test programs
    #[arg(last = true)]
    args: Vec<String>,
}

/// What the tests find in their environment.
#[derive(Debug, Default)]
struct Surroundings {
    variables: Vec<(&'static str, OsString)>,
    missing: Vec<String>,
}

impl Test {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        // Ctrl-C reaches the test programs too and ends them. We stay to stop the servers and remove their folders.
        ctrlc::set_handler(|| {}).context("cannot listen for Ctrl-C")?;
        let mut stages = Stages::start();
        let mut surroundings = Surroundings::default();
        let outcome = self.stages(workspace, &mut stages, &mut surroundings);
        stages.print();
        let tally = outcome?;
        for missing in surroundings.missing.iter().chain(&tally.not_run) {
            println!("not run: {missing}");
        }
        println!("{}", tally.summary());
        if tally.failed() {
            bail!("there are failed tests");
        }
        Ok(())
    }

    fn stages(&self, workspace: &Workspace, stages: &mut Stages, surroundings: &mut Surroundings) -> Result<Tally> {
        let laurel = std::thread::scope(|scope| {
            // What comes over the network arrives while the compiler is busy.
            let fetched = scope.spawn(|| fetch(workspace));
            let plugins = stages.run("plugins", || {
                let target = WasmTarget::ensure(workspace, self.std)?;
                verifier::build(workspace, &target)?;
                Ok((guests::build(workspace, &target)?.len(), target))
            });
            let laurel = plugins.and_then(|(count, target)| {
                stages.note(format!("{count} built with the {}", target.describe()));
                stages.run("build", || build(workspace))
            });
            // Only now, so that an error of the compiler is not followed by a wait for the network.
            let fetched = fetched.join().map_err(|_| anyhow::anyhow!("fetching what the tests need panicked"))?;
            let laurel = laurel?;
            for (name, took, need) in fetched? {
                let note = surroundings.add(need);
                stages.record(name, took, note);
            }
            anyhow::Ok(laurel)
        })?;
        let cluster = stages.run("postgres", || match postgres::Cluster::start() {
            Ok(cluster) => Ok((cluster.need(), Some(cluster))),
            Err(error) => Need::unless_ci(Err(error)).map(|need| (need, None)),
        })?;
        stages.note(surroundings.add(cluster.0));
        surroundings.variables.push(("LAUREL_PLUGINS", workspace.plugins().into()));
        surroundings.variables.push(("LAUREL_VERIFIER", workspace.verifier().into()));
        surroundings.variables.push(("LAUREL_BIN", laurel.into()));
        stages.run("tests", || self.test(workspace, surroundings))
    }

    /// One invocation for everything, documentation included; a failure does not keep the rest from running.
    fn test(&self, workspace: &Workspace, surroundings: &Surroundings) -> Result<Tally> {
        let mut command = cargo(&workspace.root);
        command.args(["test", "--workspace", "--no-fail-fast", "--"]);
        // `--show-output`: a test that could not run says so, which would stay hidden if it passes. The filter stands behind
        // the `--`, because before it cargo would leave out the documentation's tests.
        command.arg("--show-output").args(&self.only).args(&self.args);
        command.envs(surroundings.variables.iter().map(|(name, value)| (name, value)));
        test_output::relay(&mut command)
    }
}

impl Surroundings {
    fn add(&mut self, need: Need) -> String {
        match need {
            Need::Ready { variable, value, note } => {
                self.variables.push((variable, value));
                note
            }
            Need::Missing { reason } => {
                let note = format!("MISSING: {reason}");
                self.missing.push(reason);
                note
            }
        }
    }
}

type Fetched = (&'static str, Duration, Need);

/// Everything that is installed from elsewhere, one after the other.
fn fetch(workspace: &Workspace) -> Result<Vec<Fetched>> {
    let timed = |name: &'static str, ensure: &dyn Fn() -> Result<Need>| -> Result<Fetched> {
        let begun = Instant::now();
        let need = Need::unless_ci(ensure()).with_context(|| format!("stage `{name}`"))?;
        Ok((name, begun.elapsed(), need))
    };
    // Whoever uses these tells if they are missing; this only brings them in good time.
    let _ = postgres::ensure_installed();
    let _ = shell::ensure_installed();
    Ok(vec![timed("oracles", &|| oracles::ensure(workspace))?, timed("chromium", &chromium::ensure)?])
}

/// Compiles every test and every program in one go, and returns the path of the `laurel` program.
///
/// `--tests` is there although only programs are wanted: it makes cargo choose the features that `cargo test` will choose,
/// so that the large dependencies are compiled once and not twice.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--workspace", "--bins", "--tests", "--message-format=json-render-diagnostics"]);
    let messages = process::messages(&mut command)?;
    messages.lines().find_map(program_in).context("the workspace builds no program `laurel`")
}

pub(super) fn program_in(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_laurel = message["target"]["name"] == "laurel" && message["target"]["kind"][0] == "bin";
    let is_program = is_laurel && message["profile"]["test"] == false;
    is_program.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_not_its_own_unit_tests() {
        let message = |test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"kind":["bin"],"name":"laurel"}},"profile":{{"test":{test}}},"executable":"/t/laurel"}}"#
            )
        };
        assert_eq!(program_in(&message(true)), None);
        assert_eq!(program_in(&message(false)), Some("/t/laurel".into()));
    }
}
