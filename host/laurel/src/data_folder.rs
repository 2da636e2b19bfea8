//! The folder for what belongs to this host alone.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};
use laurel_core::random::Random;

/// A data folder that this process has for itself until the value is dropped.
#[derive(Debug)]
pub(crate) struct DataFolder {
    node: String,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder where needed, and takes it.
    pub(crate) fn take(path: &Path, random: &dyn Random) -> Result<Self> {
        make(path)?;
        // The file that holds the host's name is also what two hosts on one folder would meet at.
        let file = path.join("node");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&file);
        let mut lock = opened.with_context(|| format!("cannot open {}", file.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another host runs on the data folder {}: stop it, or give this one a folder of its own (--data-dir)",
                path.display()
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", file.display()));
            }
        }
        let node = read_or_name(&mut lock, random).with_context(|| format!("{}", file.display()))?;
        Ok(Self { node, _lock: lock })
    }

    /// The host's name, the same over restarts.
    pub(crate) fn node(&self) -> &str {
        &self.node
    }
}

/// Makes the folder, for its owner only.
pub(crate) fn make(path: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("cannot make the data folder {}", path.display()))
}

fn read_or_name(file: &mut File, random: &dyn Random) -> Result<String> {
    let mut text = String::new();
    file.take(256).read_to_string(&mut text)?;
    let name = text.trim();
    if !name.is_empty() {
        return Ok(name.to_owned());
    }
    let mut bits = [0; 8];
    random.fill(&mut bits);
    let name = format!("node-{}", hex::encode(bits));
    file.write_all(name.as_bytes())?;
    file.sync_all()?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::OsRandom;

    #[test]
    fn one_host_a_folder_and_the_name_stays() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let first = DataFolder::take(&path, &OsRandom).unwrap();
        let name = first.node().to_owned();
        let second = DataFolder::take(&path, &OsRandom).unwrap_err().to_string();
        assert!(second.contains("another host runs on the data folder"), "{second}");
        drop(first);
        assert_eq!(DataFolder::take(&path, &OsRandom).unwrap().node(), name);
    }
}
