//! Where the shared test data is.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the standards' test data, or `None` (after saying so) where it is not there.
pub(crate) fn standards() -> Option<PathBuf> {
    let shared = std::env::var_os("LAUREL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("standards");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the test data is missing: {}", folder.display());
    println!("not run: {} is not there", folder.display());
    None
}

pub(crate) fn read(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

pub(crate) fn text(path: impl AsRef<Path>) -> String {
    String::from_utf8(read(path)).unwrap()
}

pub(crate) fn json(path: impl AsRef<Path>) -> serde_json::Value {
    serde_json::from_slice(&read(path)).unwrap()
}
