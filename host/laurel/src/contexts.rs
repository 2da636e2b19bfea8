//! The JSON-LD contexts that credentials may name: those of the standards, and those that the operator adds from files.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use laurel_openbadges::contexts::Contexts;

use crate::config::Config;
use crate::conformance;

/// The contexts of this process. They are read once and stay for its whole life.
pub(crate) fn load(config: &Config) -> Result<&'static Contexts> {
    if config.contexts.is_empty() && !config.conformance {
        return Ok(Contexts::bundled());
    }
    let mut contexts = Contexts::bundled().clone();
    add(&mut contexts, &config.contexts)?;
    if config.conformance {
        contexts = conformance::contexts(&contexts)?;
    }
    Ok(Box::leak(Box::new(contexts)))
}

/// Those of the standards, and those in these files, by their URL.
pub(crate) fn with_files(files: &HashMap<String, PathBuf>) -> Result<&'static Contexts> {
    let mut contexts = Contexts::bundled().clone();
    add(&mut contexts, files)?;
    Ok(Box::leak(Box::new(contexts)))
}

fn add(contexts: &mut Contexts, files: &HashMap<String, PathBuf>) -> Result<()> {
    for (url, file) in files {
        let json = std::fs::read(file).with_context(|| format!("contexts: cannot read {}", file.display()))?;
        contexts.add(url, &json).with_context(|| format!("contexts: {}", file.display()))?;
    }
    Ok(())
}
