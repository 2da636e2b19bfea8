//! A browser for the tests in `tests/` that look at pages the way people do.

use anyhow::{Context, Result};

use super::{Need, apt};
use crate::process::on_path;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub(crate) fn ensure() -> Result<Need> {
    if on_path(&NAMES).is_none() {
        apt::install(&["chromium"])?;
    }
    let program = on_path(&NAMES).context("Debian's chromium package brought no `chromium`")?;
    let note = program.display().to_string();
    Ok(Need::Ready { variable: "LAUREL_CHROMIUM", value: program.into(), note })
}
