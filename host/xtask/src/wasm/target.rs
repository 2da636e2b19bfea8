//! Makes sure that guests can be compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use laurel_pack::TARGET;

use super::debian_source;
use crate::process;
use crate::workspace::Workspace;

/// Where the standard library for the wasm target comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// The installed one; else rustup's; else from source
    Auto,
    /// rustup's, or an error
    Rustup,
    /// Compiled here from Debian's package of this compiler's library source
    Source,
}

/// A standard library for guests that is known to be there.
#[derive(Debug)]
pub(crate) enum WasmTarget {
    /// Part of the toolchain.
    Installed,
    /// To be compiled along with the guests; the path is the source's `library` folder.
    Source(PathBuf),
}

impl WasmTarget {
    pub(crate) fn ensure(workspace: &Workspace, choice: Choice) -> Result<Self> {
        if choice == Choice::Source {
            return debian_source::library(workspace).map(Self::Source);
        }
        if installed()? {
            return Ok(Self::Installed);
        }
        let Err(refusal) = add_by_rustup() else { return Ok(Self::Installed) };
        if choice == Choice::Rustup {
            return Err(refusal);
        }
        eprintln!("rustup has no {TARGET} for us; compiling its standard library from Debian's source package instead");
        debian_source::library(workspace)
            .map(Self::Source)
            .with_context(|| format!("neither rustup ({refusal:#}) nor Debian's sources gave a standard library"))
    }

    /// Tells a cargo command that compiles for the wasm target where the standard library is.
    pub(crate) fn apply(&self, cargo: &mut Command) {
        cargo.args(["--target", TARGET]);
        if let Self::Source(library) = self {
            cargo.arg("-Zbuild-std=std,panic_abort");
            // The compiler is a stable one, and its own sources are all that the unstable option is used for.
            cargo.env("RUSTC_BOOTSTRAP", "1");
            // Cargo looks for the sources in the toolchain's folder, which is not ours to write to. This is its own way to
            // say that they are elsewhere; the pinned compiler keeps it stable enough.
            cargo.env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
        }
    }

    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Installed => "installed standard library",
            Self::Source(_) => "standard library from Debian's source package",
        }
    }
}

/// Does the toolchain have compiled libraries for the target?
fn installed() -> Result<bool> {
    let folder = process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    let Ok(files) = Path::new(folder.trim()).read_dir() else { return Ok(false) };
    Ok(files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

fn add_by_rustup() -> Result<()> {
    // Without a limit, a network that swallows packets would hold us for as long as rustup cares to retry.
    let mut rustup = Command::new("timeout");
    rustup.args(["180", "rustup", "target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
    process::quietly(&mut rustup)?;
    if !installed()? {
        bail!("rustup added {TARGET}, but not to the toolchain in use");
    }
    Ok(())
}
