//! `cargo xtask fuzz`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::process::{self, cargo};
use crate::workspace::Workspace;

/// What libFuzzer steers by (coverage and comparisons), and what makes mistakes show (the address sanitizer, assertions, overflows).
const RUSTFLAGS: [&str; 9] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Zsanitizer=address",
    "-Cdebug-assertions=on",
    "-Coverflow-checks=on",
];

/// Look for inputs that break a parser, with libFuzzer
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// Which parser; without one, they are listed
    target: Option<String>,
    /// Stop after so many seconds
    #[arg(default_value_t = 600)]
    seconds: u64,
    /// Only this input, once: what was found before
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
    /// Passed on to libFuzzer
    #[arg(last = true)]
    args: Vec<String>,
}

impl Fuzz {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let program = build(workspace)?;
        let mut fuzzer = Command::new(program);
        if let Some(target) = &self.target {
            fuzzer.env("LAUREL_FUZZ", target);
            match &self.input {
                Some(input) => drop(fuzzer.arg(input)),
                None => self.set_out(&mut fuzzer, &workspace.target.join("fuzz/targets").join(target))?,
            }
        }
        process::run(fuzzer.args(&self.args))
    }

    /// What was found before is gone on from: the corpus grows from run to run.
    fn set_out(&self, fuzzer: &mut Command, folder: &Path) -> Result<()> {
        let (seeds, corpus) = (folder.join("seeds"), folder.join("corpus"));
        for each in [&seeds, &corpus] {
            fs::create_dir_all(each).with_context(|| format!("cannot make {}", each.display()))?;
        }
        let words = folder.join("words");
        // It must be there when the program reads its arguments; the program then writes it.
        fs::write(&words, "")?;
        fuzzer.env("LAUREL_FUZZ_SEEDS", &seeds);
        fuzzer.arg(format!("-max_total_time={}", self.seconds));
        fuzzer.arg(format!("-dict={}", words.display()));
        fuzzer.arg(format!("-artifact_prefix={}/", folder.display()));
        fuzzer.args(["-timeout=25", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        fuzzer.arg(corpus).arg(seeds);
        Ok(())
    }
}

/// With the stable compiler, which is told to take what only a nightly one takes. In a folder of its own: the flags differ.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--release", "--package=laurel-fuzz", "--features=libfuzzer", "--bin=libfuzzer"]);
    command.args(["--target=host-tuple", "--message-format=json-render-diagnostics", "--target-dir"]);
    command.arg(workspace.target.join("fuzz"));
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f"));
    let messages = process::messages(&mut command)?;
    messages.lines().find_map(program_in).context("no program `libfuzzer` was built")
}

fn program_in(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let ours = message["target"]["name"] == "libfuzzer";
    ours.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
}
