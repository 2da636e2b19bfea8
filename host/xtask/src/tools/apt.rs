//! Debian packages.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::process;

/// Were the package lists read in this run? Also keeps two threads from calling apt at once.
static UPDATED: Mutex<bool> = Mutex::new(false);

/// Installs `packages` from the machine's own sources. An error where we are not root, or there is no apt.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() || !is_root() {
        bail!("install {} first (not done here: that takes root and Debian's apt-get)", packages.join(" "));
    }
    let mut updated = UPDATED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !*updated {
        process::quietly(apt_get().arg("update")).context("reading Debian's package lists")?;
        *updated = true;
    }
    process::quietly(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

pub(crate) fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("-qq").arg("-oDPkg::Lock::Timeout=300").env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
    command
}
