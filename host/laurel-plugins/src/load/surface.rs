//! What a component really imports and exports, compared with its manifest.
//!
//! The imports are the truth: the component can use nothing else. They are read from the component's own level, as the linker
//! reads them.

use laurel_core::plugins::{Capability, Interface, LoadError, Manifest};
use wasmparser::{ComponentExternalKind, Payload};

use super::manifest::{capability_name, own_level};
use crate::abi;

/// The package whose interfaces plugins speak.
const PACKAGE: &str = "laurel:plugin/";

/// What a component imports and exports, in words of the host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Surface {
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) interfaces: Vec<Interface>,
    /// `0.1`: the line of the WIT that the component was built for.
    pub(crate) abi: String,
}

/// Reads the surface, refusing what no host offers and versions nobody here speaks.
pub(crate) fn read(component: &[u8]) -> Result<Surface, LoadError> {
    let mut surface = Surface { capabilities: Vec::new(), interfaces: Vec::new(), abi: String::new() };
    for payload in own_level(component) {
        match payload? {
            Payload::Version { encoding: wasmparser::Encoding::Module, .. } => {
                return Err(LoadError::NotAComponent(
                    "it is a core module; pack it with `laurel plugin build`".to_owned(),
                ));
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    surface.add_import(import.map_err(unreadable)?.name.name)?;
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export.map_err(unreadable)?;
                    if export.kind == ComponentExternalKind::Instance {
                        surface.add_export(export.name.name)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(surface)
}

fn unreadable(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::NotAComponent(error.to_string())
}

impl Surface {
    fn add_import(&mut self, full: &str) -> Result<(), LoadError> {
        let refuse = |why: String| LoadError::Import { import: full.to_owned(), why };
        let (name, line) = self.interface(full).map_err(refuse)?;
        self.agree(line).map_err(refuse)?;
        match capability(name) {
            Some(capability) => self.capabilities.push(capability),
            // Types only, nothing to call.
            None if name == "types" => {}
            None => return Err(refuse("no host offers".to_owned())),
        }
        Ok(())
    }

    /// Exports that are not Laurel's are nobody's business: the host never calls them.
    fn add_export(&mut self, full: &str) -> Result<(), LoadError> {
        let Some(interface) = full.strip_prefix(PACKAGE).and_then(|rest| interface(rest.split('@').next()?)) else {
            return Ok(());
        };
        let refuse = |why: String| LoadError::Export { interface, why };
        let (_, line) = self.interface(full).map_err(|why| refuse(format!("exports {full}, which {why}")))?;
        self.agree(line).map_err(|why| refuse(format!("exports {full}, which {why}")))?;
        self.interfaces.push(interface);
        Ok(())
    }

    /// Splits `laurel:plugin/log@0.1.0` into `log` and `0.1`.
    fn interface<'a>(&self, full: &'a str) -> Result<(&'a str, String), String> {
        let rest = full.strip_prefix(PACKAGE).ok_or("no host offers: only laurel:plugin/… can be imported")?;
        let (name, version) = rest.split_once('@').ok_or("names no version")?;
        let line = version_line(version);
        if !abi::LINES.contains(&line.as_str()) {
            return Err(format!(
                "is of another ABI version; this host speaks {}: build the plugin with a matching laurel-plugin",
                abi::LINES.join(", ")
            ));
        }
        Ok((name, line))
    }

    /// A component speaks one version: its records would not fit each other otherwise.
    fn agree(&mut self, line: String) -> Result<(), String> {
        if self.abi.is_empty() || self.abi == line {
            self.abi = line;
            return Ok(());
        }
        Err(format!("is of version {line}, while other interfaces of the component are of {}", self.abi))
    }

    /// Compares with the manifest, both ways where it matters: nothing is imported or exported that the manifest hides, and
    /// what it promises is exported.
    pub(crate) fn agrees_with(&self, manifest: &Manifest) -> Result<(), LoadError> {
        if let Some(hidden) = self.capabilities.iter().find(|import| !manifest.capabilities.contains(import)) {
            let import = format!("{PACKAGE}{}@{}", capability_name(*hidden), self.abi);
            let why = format!("its manifest does not name: add \"{}\" to capabilities", capability_name(*hidden));
            return Err(LoadError::Import { import, why });
        }
        if let Some(missing) = manifest.interfaces.iter().find(|promised| !self.interfaces.contains(promised)) {
            return Err(LoadError::Export { interface: *missing, why: "does not export it".to_owned() });
        }
        if let Some(hidden) = self.interfaces.iter().find(|export| !manifest.interfaces.contains(export)) {
            return Err(LoadError::Manifest(format!("interfaces lacks {hidden:?}, which the component exports")));
        }
        Ok(())
    }
}

fn capability(name: &str) -> Option<Capability> {
    use Capability::{Http, Keys, Log, Settings};
    [Log, Settings, Keys, Http].into_iter().find(|capability| capability_name(*capability) == name)
}

fn interface(name: &str) -> Option<Interface> {
    match name {
        "criteria" => Some(Interface::Criteria),
        "hook" => Some(Interface::Hook),
        "delivery" => Some(Interface::Delivery),
        "sync" => Some(Interface::Sync),
        "identity" => Some(Interface::Identity),
        _ => None,
    }
}

/// The part of a version within which interfaces fit each other: `0.1` of `0.1.7`, all of a prerelease.
fn version_line(version: &str) -> String {
    if version.contains('-') {
        return version.to_owned();
    }
    version.rsplit_once('.').map_or(version, |(line, _)| line).to_owned()
}
