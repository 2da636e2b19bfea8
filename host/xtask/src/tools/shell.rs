//! What the commands of the integrators' page are written with.

use anyhow::Result;

use super::apt;
use crate::process::on_path;

const PROGRAMS: [&str; 2] = ["curl", "jq"];

/// Installs what is missing; the test of the page says so if that could not be done.
pub(crate) fn ensure_installed() -> Result<()> {
    let missing: Vec<&str> = PROGRAMS.into_iter().filter(|program| on_path(&[program]).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { apt::install(&missing) }
}
