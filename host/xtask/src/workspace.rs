//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{self, cargo};

/// This repository and its target folder (which honours `CARGO_TARGET_DIR`).
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// `cargo metadata` of the members, without dependencies.
    pub(crate) members: Vec<Member>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) package: String,
    pub(crate) folder: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        let root = root();
        let metadata = process::output(cargo(&root).args(["metadata", "--format-version=1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata wrote no JSON")?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?.into();
        let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
        let members = packages.iter().filter_map(Member::from_metadata).collect();
        Ok(Self { root, target, members })
    }

    /// What xtask installs for itself: never outside the target folder, so that removing that folder removes all.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where the packed official plugins are.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.target.join("plugins")
    }

    /// Where the browser's verifier is.
    pub(crate) fn verifier(&self) -> PathBuf {
        self.target.join("verifier.wasm")
    }

    /// The package whose `Cargo.toml` is in `folder`.
    pub(crate) fn package_in(&self, folder: &Path) -> Option<&str> {
        self.members.iter().find(|member| member.folder == folder).map(|member| member.package.as_str())
    }
}

impl Member {
    fn from_metadata(package: &Value) -> Option<Self> {
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?.to_owned();
        Some(Self { package: package["name"].as_str()?.to_owned(), folder })
    }
}

/// The repository's root: two levels above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
