//! From `plugins/*/` to `target/plugins/*.wasm`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::target::WasmTarget;
use crate::process::{self, cargo};
use crate::workspace::Workspace;

/// A plugin's crate.
#[derive(Debug)]
struct Guest {
    package: String,
    /// The name in `plugin.toml`; the component's file name.
    name: String,
    folder: PathBuf,
    manifest: String,
}

/// A component that is ready to be installed.
#[derive(Debug)]
pub(crate) struct Packed {
    file: PathBuf,
    bytes: usize,
    changed: bool,
}

impl fmt::Display for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.changed { "written" } else { "unchanged" };
        write!(f, "{} ({} KiB, {state})", self.file.display(), self.bytes.div_ceil(1024))
    }
}

/// Compiles and packs every official plugin. Cargo decides what has to be compiled again; a component whose bytes come out
/// the same is not written, so what depends on its time stamp stays fresh.
pub(crate) fn build(workspace: &Workspace, target: &WasmTarget) -> Result<Vec<Packed>> {
    let guests = find(workspace)?;
    let modules = compile(workspace, target, &guests)?;
    let folder = workspace.plugins();
    fs::create_dir_all(&folder)?;
    guests.iter().map(|guest| guest.pack(&modules, &folder)).collect()
}

/// Every folder under `plugins/` that has a `plugin.toml`, by name.
fn find(workspace: &Workspace) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for entry in fs::read_dir(workspace.root.join("plugins"))?.flatten() {
        if entry.path().join("plugin.toml").is_file() {
            guests.push(Guest::read(workspace, entry.path())?);
        }
    }
    if guests.is_empty() {
        bail!("no plugins/*/plugin.toml found");
    }
    guests.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = guests.windows(2).find(|pair| pair[0].name == pair[1].name) {
        bail!("{} and {} have the same plugin name", pair[0].folder.display(), pair[1].folder.display());
    }
    Ok(guests)
}

impl Guest {
    fn read(workspace: &Workspace, folder: PathBuf) -> Result<Self> {
        let file = folder.join("plugin.toml");
        let manifest = fs::read_to_string(&file)?;
        let name = name_in(&manifest).with_context(|| format!("{}", file.display()))?;
        let package = workspace.package_in(&folder).with_context(|| {
            format!("{} has a plugin.toml but is no member of the workspace: add it to Cargo.toml", folder.display())
        })?;
        Ok(Self { package: package.to_owned(), name, folder, manifest })
    }

    fn pack(&self, modules: &BTreeMap<PathBuf, PathBuf>, folder: &Path) -> Result<Packed> {
        let module = modules.get(&self.folder).with_context(|| {
            format!("{} compiled to no wasm module: its [lib] needs crate-type = [\"cdylib\", \"rlib\"]", self.package)
        })?;
        let component = laurel_pack::pack(&fs::read(module)?, &self.manifest)
            .with_context(|| format!("packing {}", self.folder.display()))?;
        let file = folder.join(&self.name).with_extension("wasm");
        let changed = fs::read(&file).ok().as_ref() != Some(&component);
        if changed {
            fs::write(&file, &component)?;
        }
        Ok(Packed { file, bytes: component.len(), changed })
    }
}

fn name_in(manifest: &str) -> Result<String> {
    let table: toml::Table = manifest.parse()?;
    let name = table.get("name").and_then(toml::Value::as_str).context("a plugin needs `name = \"…\"`")?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        bail!("the plugin name `{name}` may only hold a-z, 0-9 and -");
    }
    Ok(name.to_owned())
}

/// Compiles all guests in one go and says which crate folder gave which core module.
fn compile(workspace: &Workspace, target: &WasmTarget, guests: &[Guest]) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--profile=plugin", "--message-format=json-render-diagnostics"]);
    command.args(guests.iter().map(|guest| format!("--package={}", guest.package)));
    command.env("CARGO_ENCODED_RUSTFLAGS", rustflags(workspace)?);
    target.apply(&mut command);
    let messages = process::messages(&mut command)?;
    Ok(modules_in(&messages))
}

/// No path of the building machine gets into a component.
pub(super) fn rustflags(workspace: &Workspace) -> Result<String> {
    let sysroot = process::output(std::process::Command::new("rustc").args(["--print", "sysroot"]))?;
    let mut paths = vec![(PathBuf::from(sysroot.trim()), "/rust"), (workspace.root.clone(), "/laurel")];
    paths.push((workspace.target.clone(), "/target"));
    if let Some(home) =
        std::env::var_os("CARGO_HOME").or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo").into()))
    {
        paths.push((home.into(), "/cargo"));
    }
    let paths: Vec<_> = paths.iter().map(|(from, to)| (from.as_path(), *to)).collect();
    Ok(laurel_pack::encoded_rustflags(&paths))
}

/// Reads cargo's messages: crate folder to `.wasm` file.
pub(super) fn modules_in(messages: &str) -> BTreeMap<PathBuf, PathBuf> {
    messages.lines().filter_map(|line| module_in(&serde_json::from_str(line).ok()?)).collect()
}

fn module_in(message: &Value) -> Option<(PathBuf, PathBuf)> {
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    let files = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    let module = files.into_iter().find(|file| Path::new(file).extension().is_some_and(|kind| kind == "wasm"))?;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    Some((folder.to_owned(), module.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_comes_from_the_manifest() {
        assert_eq!(name_in("name = \"canvas\"\nversion = \"1.0.0\"").unwrap(), "canvas");
        assert!(name_in("version = \"1.0.0\"").unwrap_err().to_string().contains("name"));
        assert!(name_in("name = \"../canvas\"").unwrap_err().to_string().contains("a-z"));
    }

    #[test]
    fn modules_are_found_in_cargos_messages() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/r/plugins/a/Cargo.toml","filenames":["/t/a.d","/t/a.wasm"]}
{"reason":"compiler-artifact","manifest_path":"/r/sdk/Cargo.toml","filenames":["/t/libsdk.rlib"]}
{"reason":"build-finished","success":true}"#;
        let modules = modules_in(messages);
        assert_eq!(modules.into_iter().collect::<Vec<_>>(), [("/r/plugins/a".into(), "/t/a.wasm".into())]);
    }
}
