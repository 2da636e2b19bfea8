//! From `host/laurel-verifier/` to `target/verifier.wasm`, which the verify page hands to visitors' browsers.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::guests::{modules_in, rustflags};
use super::target::WasmTarget;
use crate::process::{self, cargo};
use crate::workspace::Workspace;

/// Compiles the module; returns where it is.
pub(crate) fn build(workspace: &Workspace, target: &WasmTarget) -> Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    command.args([
        "build",
        "--profile=plugin",
        "--message-format=json-render-diagnostics",
        "--package=laurel-verifier",
    ]);
    command.env("CARGO_ENCODED_RUSTFLAGS", rustflags(workspace)?);
    target.apply(&mut command);
    let modules = modules_in(&process::messages(&mut command)?);
    let module = modules.into_values().next().context("laurel-verifier compiled to no wasm module")?;
    let file = workspace.verifier();
    let bytes = fs::read(module)?;
    if fs::read(&file).ok().as_ref() != Some(&bytes) {
        fs::write(&file, &bytes)?;
    }
    Ok(file)
}
