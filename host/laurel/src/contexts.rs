//! The JSON-LD contexts that credentials may name: those of the standards, and those that the operator adds from files.

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
    for (url, file) in &config.contexts {
        let json = std::fs::read(file).with_context(|| format!("contexts: cannot read {}", file.display()))?;
        contexts.add(url, &json).with_context(|| format!("contexts: {}", file.display()))?;
    }
    if config.conformance {
        contexts = conformance::contexts(&contexts)?;
    }
    Ok(Box::leak(Box::new(contexts)))
}
