//! cargo-deny: compiled once into `target/tools`, with a cheap profile, because it runs for seconds and compiles for minutes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{self, cargo};
use crate::workspace::Workspace;

/// Pinned, so that a new lint of the tool does not fail an unchanged tree.
const VERSION: &str = "0.20.2";

/// How long the advisory database may take to arrive, in seconds.
const FETCH_SECONDS: &str = "120";

/// What became of the advisories.
#[derive(Debug)]
pub(crate) enum Advisories {
    Checked,
    /// The database could not be reached, for this reason.
    Unreachable(String),
}

pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.tools();
    let program = folder.join("bin/cargo-deny");
    if version_of(&program).as_deref() == Some(VERSION) {
        return Ok(program);
    }
    let build = folder.join("build");
    let mut install = cargo(&workspace.root);
    install
        .args(["install", "--locked", "--force", "--quiet", "cargo-deny", "--version", VERSION, "--root"])
        .arg(&folder);
    install.env("CARGO_TARGET_DIR", &build);
    for (setting, value) in [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "256"), ("STRIP", "symbols")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    process::run(&mut install)?;
    std::fs::remove_dir_all(&build).with_context(|| format!("removing {}", build.display()))?;
    Ok(program)
}

/// Licences, bans and sources: these need nothing but the dependencies themselves.
pub(crate) fn check(workspace: &Workspace, program: &Path) -> Result<()> {
    process::run(deny(workspace, program).args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}

/// Known vulnerabilities, if their database can be had.
pub(crate) fn check_advisories(workspace: &Workspace, program: &Path) -> Result<Advisories> {
    let mut fetch = Command::new("timeout");
    fetch.arg(FETCH_SECONDS).arg(program).args(["fetch", "db"]).current_dir(&workspace.root);
    let fetched = process::capture(&mut fetch)?;
    if !fetched.status.success() {
        let said = String::from_utf8_lossy(&fetched.stderr).into_owned();
        let reason =
            said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no reason given").trim().to_owned();
        return Ok(Advisories::Unreachable(reason));
    }
    process::run(deny(workspace, program).args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Advisories::Checked)
}

fn deny(workspace: &Workspace, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).args(["--all-features", "--locked"]);
    command
}

fn version_of(program: &Path) -> Option<String> {
    let text = process::output(Command::new(program).arg("--version")).ok()?;
    Some(text.split_whitespace().nth(1)?.to_owned())
}
