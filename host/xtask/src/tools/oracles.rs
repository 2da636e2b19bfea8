//! Verifiers that others wrote: `tests/oracles/install.sh` puts them, from the package registries, under `target/`.

use std::process::Command;

use anyhow::Result;

use super::{Need, apt};
use crate::process;
use crate::workspace::Workspace;

pub(crate) fn ensure(workspace: &Workspace) -> Result<Need> {
    if !can_make_environments() {
        apt::install(&["python3-venv"])?;
    }
    let script = workspace.root.join("tests/oracles/install.sh");
    let folder = workspace.target.join("oracles");
    process::quietly(Command::new("sh").arg(&script).arg(&folder).current_dir(&workspace.root))?;
    Ok(Need::Ready { variable: "LAUREL_ORACLES", value: folder.into(), note: "npm and PyPI verifiers".to_owned() })
}

/// Debian keeps this part of Python's own library in a package apart.
fn can_make_environments() -> bool {
    let import = process::capture(Command::new("python3").args(["-c", "import ensurepip, venv"]));
    import.is_ok_and(|done| done.status.success())
}
