//! The standard library's source from Debian, for machines that reach a Debian mirror but not rustup's server.
//!
//! Everything happens in a private apt folder under `target/`: the machine's own package lists stay as they are, no
//! privilege is needed, and apt checks the signature of the index and the digest of the package as it always does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

const PACKAGE: &str = "rust-src";
/// Suites that carry compilers newer than the stable release's, whatever the release of this machine.
const SUITES: &str = "trixie-backports";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The `library` folder of exactly this compiler's source; downloaded and unpacked the first time.
pub(crate) fn library(workspace: &Workspace) -> Result<PathBuf> {
    let version = compiler_version()?;
    let home = workspace.tools().join(format!("{PACKAGE}-{version}"));
    let library = home.join(format!("usr/src/rustc-{version}/library"));
    if library.join("std/Cargo.toml").is_file() {
        return Ok(library);
    }
    let apt = PrivateApt::new(&workspace.tools().join("apt"))?;
    process::quietly(apt.command("apt-get").arg("update")).context("reading the package index of Debian")?;
    let package = apt.download(&version)?;
    unpack(&package, &home)?;
    fs::remove_file(&package)?;
    if !library.join("std/Cargo.toml").is_file() {
        bail!("{} does not hold library/std: has the package's layout changed?", home.display());
    }
    Ok(library)
}

/// For example `1.95.0`.
fn compiler_version() -> Result<String> {
    let text = process::output(Command::new("rustc").arg("-vV"))?;
    let release = text.lines().find_map(|line| line.strip_prefix("release: ")).context("rustc -vV names no release")?;
    Ok(release.split('-').next().unwrap_or(release).to_owned())
}

/// Unpacks next to `home` and renames, so that an interrupted run leaves nothing that looks complete.
fn unpack(package: &Path, home: &Path) -> Result<()> {
    let partial = home.with_extension("partial");
    for stale in [&partial, &home.to_owned()] {
        if stale.exists() {
            fs::remove_dir_all(stale)?;
        }
    }
    process::quietly(Command::new("dpkg").arg("-x").arg(package).arg(&partial))?;
    fs::rename(&partial, home).with_context(|| format!("moving {} in place", home.display()))
}

/// An apt whose state, cache and sources are its own.
struct PrivateApt {
    folder: PathBuf,
}

impl PrivateApt {
    fn new(folder: &Path) -> Result<Self> {
        for part in ["lists/partial", "archives/partial"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let signed_by = if Path::new(KEYRING).exists() { format!("[signed-by={KEYRING}] ") } else { String::new() };
        let source = format!("deb {signed_by}{} {SUITES} main\n", mirror()?);
        fs::write(folder.join("sources.list"), source)?;
        fs::write(folder.join("status"), "")?;
        Ok(Self { folder: folder.to_owned() })
    }

    fn command(&self, program: &str) -> Command {
        let folder = self.folder.display();
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("LC_ALL", "C").args([
            "-qq".to_owned(),
            format!("-oDir::State={folder}"),
            format!("-oDir::State::lists={folder}/lists"),
            format!("-oDir::State::status={folder}/status"),
            format!("-oDir::Cache={folder}"),
            format!("-oDir::Etc::SourceList={folder}/sources.list"),
            "-oDir::Etc::SourceParts=/dev/null".to_owned(),
            "-oDir::Etc::Preferences=/dev/null".to_owned(),
            "-oDir::Etc::PreferencesParts=/dev/null".to_owned(),
            // apt would otherwise drop to a user that cannot write here, and the machine's hooks would clean its own cache.
            "-oAPT::Sandbox::User=".to_owned(),
            "-oAcquire::Languages=none".to_owned(),
            "-oAcquire::http::Timeout=60".to_owned(),
        ]);
        command
    }

    fn download(&self, version: &str) -> Result<PathBuf> {
        let listing = process::output(self.command("apt-cache").args(["madison", PACKAGE]))?;
        let full = pick(&listing, version)
            .with_context(|| format!("{SUITES} has no {PACKAGE} {version}; it has:\n{}", listing.trim_end()))?;
        process::quietly(self.command("apt-get").arg("download").arg(format!("{PACKAGE}={full}")))?;
        let files = fs::read_dir(&self.folder)?.flatten().map(|file| file.path());
        files
            .into_iter()
            .find(|file| {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                name.starts_with(&format!("{PACKAGE}_{version}")) && file.extension().is_some_and(|kind| kind == "deb")
            })
            .context("apt-get download left no package")
    }
}

/// The Debian mirror that this machine's own apt configuration uses for its release.
fn mirror() -> Result<String> {
    let release = fs::read_to_string("/etc/os-release").context("this is no Debian machine")?;
    let codename = field(&release, "VERSION_CODENAME").context("/etc/os-release names no release")?;
    let format = "$(RELEASE) $(COMPONENT) $(CREATED_BY) $(REPO_URI)";
    let targets = process::output(Command::new("apt-get").args(["indextargets", "--format", format]))?;
    mirror_of(&targets, codename)
        .with_context(|| format!("the apt configuration has no source for {codename} main to take the mirror from"))
}

fn mirror_of(targets: &str, codename: &str) -> Option<String> {
    targets.lines().find_map(|line| {
        let mut words = line.split(' ');
        let matches = words.next()? == codename && words.next()? == "main" && words.next()? == "Packages";
        words.next().filter(|_| matches).map(str::to_owned)
    })
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(|value| value.trim_matches('"'))
}

/// From apt's listing of versions, the newest packaging of exactly this compiler version (apt lists newest first).
fn pick<'a>(listing: &'a str, version: &str) -> Option<&'a str> {
    let versions = listing.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
    versions.into_iter().find(|full| full.strip_prefix(version).is_some_and(|rest| rest.starts_with(['+', '-'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_the_one_of_the_machines_release() {
        let targets = "nodistro main Packages https://node.example/\n\
                       bookworm main DEP-11 http://mirror.example/debian/\n\
                       bookworm main Packages http://mirror.example/debian/\n";
        assert_eq!(mirror_of(targets, "bookworm").unwrap(), "http://mirror.example/debian/");
        assert_eq!(mirror_of(targets, "trixie"), None);
    }

    #[test]
    fn only_exactly_this_compiler_will_do() {
        let listing = " rust-src | 1.96.1+dfsg1-2~bpo13+1 | x\n rust-src | 1.95.0+dfsg1-2~bpo13+1 | x\n";
        assert_eq!(pick(listing, "1.95.0"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(pick(listing, "1.95"), None);
        assert_eq!(pick(listing, "1.9"), None);
    }

    #[test]
    fn os_release_values_may_be_quoted() {
        assert_eq!(field("ID=debian\nVERSION_CODENAME=\"bookworm\"\n", "VERSION_CODENAME"), Some("bookworm"));
    }
}
