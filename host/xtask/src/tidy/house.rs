//! The repository as the rules see it: files that git tracks (or would), and packages with their dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::pure_crates::PURE;
use crate::process::{self, cargo};

#[derive(Debug, Default)]
pub(crate) struct House {
    /// Path from the root, with `/`, to content; `None` for what is not text.
    pub(crate) files: BTreeMap<String, Option<String>>,
    pub(crate) packages: Vec<Package>,
    /// For each crate that must stay pure: the names of everything it is built from.
    pub(crate) closures: BTreeMap<String, BTreeSet<String>>,
}

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// From the root, with `/`.
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Only for tests, examples and benches.
    pub(crate) dev: bool,
}

impl House {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let files = read_files(root)?;
        let packages = read_packages(root)?;
        let pure = packages.iter().filter(|package| PURE.contains(&package.name.as_str()));
        let closures =
            pure.map(|package| Ok((package.name.clone(), closure(root, &package.name)?))).collect::<Result<_>>()?;
        Ok(Self { files, packages, closures })
    }

    /// The text files, with their path.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Is there a file, or a folder with files in it, at `path`?
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty() || self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    #[cfg(test)]
    pub(crate) fn with_files(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect();
        Self { files, ..Self::default() }
    }

    #[cfg(test)]
    pub(crate) fn with_package(name: &str, folder: &str, dependencies: &[(&str, bool)]) -> Self {
        let dependencies = dependencies.iter().map(|&(name, dev)| Dependency { name: name.to_owned(), dev }).collect();
        let package = Package { name: name.to_owned(), folder: folder.to_owned(), dependencies };
        Self { packages: vec![package], ..Self::default() }
    }
}

/// What follows the last dot of a path.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn read_files(root: &Path) -> Result<BTreeMap<String, Option<String>>> {
    let mut git = Command::new("git");
    git.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listing = process::output(&mut git)?;
    let paths = listing.split_terminator('\0').filter(|path| root.join(path).is_file());
    paths.map(|path| Ok((path.to_owned(), String::from_utf8(fs::read(root.join(path))?).ok()))).collect()
}

fn read_packages(root: &Path) -> Result<Vec<Package>> {
    let metadata = process::output(cargo(root).args(["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    packages.iter().map(|package| read_package(root, package).context("cargo metadata has an unknown form")).collect()
}

fn read_package(root: &Path, package: &Value) -> Option<Package> {
    let folder = Path::new(package["manifest_path"].as_str()?).parent()?.strip_prefix(root).ok()?;
    let dependencies = package["dependencies"].as_array()?.iter();
    let dependencies = dependencies
        .map(|each| Some(Dependency { name: each["name"].as_str()?.to_owned(), dev: each["kind"] == "dev" }))
        .collect::<Option<_>>()?;
    Some(Package { name: package["name"].as_str()?.to_owned(), folder: folder.to_str()?.to_owned(), dependencies })
}

/// `cargo tree` and not `cargo metadata`: it resolves the features of this package alone, as a user of the crate would.
fn closure(root: &Path, package: &str) -> Result<BTreeSet<String>> {
    let tree = process::output(cargo(root).args(["tree", "--package", package, "--edges=normal", "--prefix=none"]))?;
    Ok(tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}
