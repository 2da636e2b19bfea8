//! Running other programs: never with a standard input, always with an error that names the command.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// Runs to the end with output passed through.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot run {}", words(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", words(command));
    }
    Ok(())
}

/// Runs to the end and returns the standard output; what it said on either stream is part of the error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let result = capture(command)?;
    if !result.status.success() {
        let said = [result.stdout, result.stderr].concat();
        bail!("{} failed: {}\n{}", words(command), result.status, String::from_utf8_lossy(&said).trim_end());
    }
    String::from_utf8(result.stdout).with_context(|| format!("{} wrote no text", words(command)))
}

/// Runs to the end and returns the standard output, which is for programs; what it says to people is passed through.
pub(crate) fn messages(command: &mut Command) -> Result<String> {
    let result = capture(command.stderr(Stdio::inherit()))?;
    if !result.status.success() {
        bail!("{} failed: {}", words(command), result.status);
    }
    String::from_utf8(result.stdout).with_context(|| format!("{} wrote no text", words(command)))
}

/// Runs to the end; nothing is shown unless it fails.
pub(crate) fn quietly(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Runs to the end and returns everything, whatever the exit status.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {}", words(command)))
}

/// The cargo that runs this xtask, in `folder`.
///
/// `cargo run` describes *xtask* to us in variables that some build scripts watch; passed on, they would make cargo rebuild
/// those crates each time it is called once from a shell and once from here.
pub(crate) fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The first of `names` found on the search path.
pub(crate) fn on_path(names: &[&str]) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// Is this a run where nothing may be left out?
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy()));
    format!("`{}`", words.join(" "))
}
