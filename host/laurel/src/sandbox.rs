//! Where plugins run, as the settings say.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use laurel_core::plugins::Outbound;
use laurel_outbound::Client;
use laurel_plugins::{Cache, Ceiling, Compiler, Runtime, Settings};

use crate::config::{self, Config};
use crate::signing::HostKeys;

/// The only way out of this process.
pub(crate) fn outbound(config: &config::Outbound) -> Result<Arc<dyn Outbound>> {
    let settings =
        laurel_outbound::Settings { allow_loopback: config.allow_loopback, ..laurel_outbound::Settings::default() };
    Ok(Arc::new(Client::new(settings).context("the network client does not start")?))
}

/// The sandbox of a host, with compiled code kept in its data folder.
pub(crate) fn open(config: &Config, keys: &HostKeys, outbound: Arc<dyn Outbound>) -> Result<Runtime> {
    let cache = cache(&config.data_dir, keys);
    let settings = Settings {
        compiler: compiler(config.plugins.compile)?,
        cache: Some(cache),
        allow_large: config.plugins.large,
        ceiling: ceiling(&config.plugins),
        limits: config.plugins.limits.clone(),
    };
    Ok(Runtime::new(settings, outbound)?)
}

fn cache(data: &Path, keys: &HostKeys) -> Cache {
    Cache { directory: data.join("compiled"), key: *keys.compiled }
}

fn compiler(place: config::Compile) -> Result<Compiler> {
    Ok(match place {
        config::Compile::InProcess => Compiler::InProcess,
        config::Compile::Child => {
            let program = std::env::current_exe().context("cannot tell where this program is")?;
            // The allocator would reserve 1 GiB at once, which is all that the child may have.
            let environment = vec![("MIMALLOC_ARENA_RESERVE", "64MiB")];
            Compiler::Child { program, arguments: vec!["plugin".into(), "compile".into()], environment }
        }
    })
}

/// How far manifests can raise limits.
pub(crate) fn ceiling(plugins: &config::Plugins) -> Ceiling {
    Ceiling {
        fuel: plugins.ceiling_fuel,
        running: Duration::from_millis(plugins.ceiling_running_millis),
        memory: plugins.ceiling_memory,
        output: plugins.ceiling_output,
        log_lines: plugins.ceiling_log_lines,
    }
}
