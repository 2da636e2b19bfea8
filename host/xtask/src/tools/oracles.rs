//! Verifiers that others wrote: `tests/oracles/install.sh` puts them, from the package registries, under `target/`.

use std::process::Command;

use anyhow::Result;

use super::Need;
use crate::process;
use crate::workspace::Workspace;

pub(crate) fn ensure(workspace: &Workspace) -> Result<Need> {
    let script = workspace.root.join("tests/oracles/install.sh");
    let folder = workspace.target.join("oracles");
    process::quietly(Command::new("bash").arg(&script).arg(&folder).current_dir(&workspace.root))?;
    Ok(Need::Ready { variable: "LAUREL_ORACLES", value: folder.into(), note: "npm and PyPI verifiers".to_owned() })
}
