//! `laurel plugin check`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use laurel_core::plugins::Interface;
use laurel_outbound::Client;
use laurel_plugins::{Plugin, Runtime, Settings};

use super::fixture::Fixture;

/// Load a component in the sandbox as a host would, and say what it is; for criteria, what it makes of settings and fixtures
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The component
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// A JSON file with settings of a rule, to see the requirements or what is wrong with them
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// A fixture to play: settings, events, and the decisions that must come of them; may be given several times
    #[arg(long = "fixture", value_name = "FILE", num_args = 1..)]
    fixtures: Vec<PathBuf>,
}

impl Check {
    pub(crate) async fn run(self) -> Result<()> {
        let component = std::fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let runtime = Runtime::new(
            Settings { allow_large: true, ..Settings::default() },
            Arc::new(Client::new(laurel_outbound::Settings::default())?),
        )?;
        let plugin = runtime.load(&component).await?;
        describe(&plugin, component.len());
        if let Some(file) = &self.settings {
            requirements(&plugin, file)?;
        }
        play(&plugin, &self.fixtures)
    }
}

fn describe(plugin: &Plugin, bytes: usize) {
    let manifest = plugin.manifest();
    println!("{} {} by {}: {}", manifest.name, manifest.version, manifest.publisher, manifest.description);
    println!("digest        {}", plugin.digest());
    println!("size          {} KiB, {} pool", bytes.div_ceil(1024), plugin.size().as_str());
    println!("exports       {}", list(manifest.interfaces.iter().map(word)));
    println!("imports       {}", list(manifest.capabilities.iter().map(word)));
    println!("event kinds   {}", list(manifest.kinds.iter().cloned()));
    println!("hosts         {}", list(manifest.hosts.iter().cloned()));
    for secret in &manifest.secrets {
        println!("secret        {}: {}", secret.name, secret.description);
    }
}

/// A word as the manifest writes it.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

fn requirements(plugin: &Plugin, file: &Path) -> Result<()> {
    let settings = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if !plugin.manifest().interfaces.contains(&Interface::Criteria) {
        bail!("only criteria plugins have settings for rules");
    }
    match plugin.check(&settings).answer? {
        Ok(requirements) => {
            for requirement in requirements {
                println!("requirement   {}: {}", requirement.id, requirement.text);
            }
            Ok(())
        }
        Err(problems) => {
            let faults: Vec<String> =
                problems.iter().map(|problem| format!("{} {}", problem.pointer, problem.message)).collect();
            bail!("{}: {}", file.display(), faults.join("; "))
        }
    }
}

fn play(plugin: &Plugin, files: &[PathBuf]) -> Result<()> {
    let mut failed = 0;
    for file in files {
        let fixture = Fixture::read(file)?;
        let differences = fixture.play(plugin).with_context(|| format!("{}", file.display()))?;
        println!("{}  {}", if differences.is_empty() { "ok    " } else { "FAILED" }, fixture.title);
        for difference in &differences {
            println!("        {difference}");
        }
        failed += usize::from(!differences.is_empty());
    }
    if failed > 0 {
        bail!("{failed} of {} fixtures failed", files.len());
    }
    Ok(())
}
