//! What the program says about itself, to standard error.

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging as the settings say.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter: EnvFilter = log.level.parse().with_context(|| format!("log.level {:?} is not a level", log.level))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => subscriber.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging cannot start: {error}"))
}

/// For tools: only what the operator has to know.
pub(crate) fn start_quiet() {
    let filter = EnvFilter::try_from_env("LAUREL_LOG_LEVEL").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Started before: then that one goes on.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
