//! `laurel plugin build`

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

/// Build a plugin: a Rust crate with a plugin.toml becomes a component
#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The crate's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where to put the component; NAME.wasm in the crate's target folder by default
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Compile without optimisation
    #[arg(long)]
    debug: bool,
}

impl Build {
    pub(crate) fn run(self) -> Result<()> {
        let folder =
            self.folder.canonicalize().with_context(|| format!("there is no folder {}", self.folder.display()))?;
        let manifest_file = folder.join("plugin.toml");
        let manifest = std::fs::read_to_string(&manifest_file)
            .with_context(|| format!("cannot read {}", manifest_file.display()))?;
        let name = name_in(&manifest).with_context(|| format!("{}", manifest_file.display()))?;
        let module = self.compile(&folder)?;
        let core = std::fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
        let component = laurel_pack::pack(&core, &manifest)?;
        let output = self.output.unwrap_or_else(|| module.with_file_name(format!("{name}.wasm")));
        std::fs::write(&output, &component).with_context(|| format!("cannot write {}", output.display()))?;
        println!("{} ({} KiB)", output.display(), component.len().div_ceil(1024));
        Ok(())
    }

    /// The core module that cargo makes of the crate.
    fn compile(&self, folder: &Path) -> Result<PathBuf> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(folder).args(["build", "--lib", "--message-format=json-render-diagnostics"]);
        command.args(["--target", laurel_pack::TARGET]).args((!self.debug).then_some("--release"));
        command.env("CARGO_ENCODED_RUSTFLAGS", laurel_pack::encoded_rustflags(&[(folder, "/plugin")]));
        let output = command.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
        if !output.status.success() {
            bail!(
                "cargo did not compile {} (if it lacks the target: rustup target add {})",
                folder.display(),
                laurel_pack::TARGET
            );
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let module = messages.lines().find_map(|line| module_of(&serde_json::from_str(line).ok()?, folder));
        module.with_context(|| {
            format!(
                "{} compiled to no wasm module: its [lib] needs crate-type = [\"cdylib\", \"rlib\"]",
                folder.display()
            )
        })
    }
}

fn name_in(manifest: &str) -> Result<String> {
    let table: toml::Table = manifest.parse()?;
    let name = table.get("name").and_then(toml::Value::as_str).context("it needs name = \"…\"")?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        bail!("the name {name:?} may only hold a-z, 0-9 and -");
    }
    Ok(name.to_owned())
}

/// The `.wasm` file that one of cargo's messages names, if it is this crate's.
fn module_of(message: &Value, folder: &Path) -> Option<PathBuf> {
    let manifest = Path::new(message.get("manifest_path")?.as_str()?);
    if message.get("reason")? != "compiler-artifact" || manifest.parent()? != folder {
        return None;
    }
    let files = message.get("filenames")?.as_array()?.iter().filter_map(Value::as_str).map(PathBuf::from);
    files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_crates_module_counts() {
        let message = |folder: &str| {
            serde_json::json!({ "reason": "compiler-artifact", "manifest_path": format!("{folder}/Cargo.toml"),
                "filenames": ["/t/a.d", "/t/a.wasm"] })
        };
        assert_eq!(module_of(&message("/p/a"), Path::new("/p/a")), Some("/t/a.wasm".into()));
        assert_eq!(module_of(&message("/p/dependency"), Path::new("/p/a")), None);
    }

    #[test]
    fn a_name_makes_a_file_name() {
        assert_eq!(name_in("name = \"my-plugin\"").unwrap(), "my-plugin");
        assert!(name_in("name = \"../x\"").is_err() && name_in("version = \"1\"").is_err());
    }
}
