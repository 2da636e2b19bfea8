//! The manifest: found in the component, read, and judged by itself.

use laurel_core::plugins::{Capability, Interface, LoadError, Manifest};
use wasmparser::{Parser, Payload};

/// Name of the custom section, at the component's own level.
pub const MANIFEST_SECTION: &str = "laurel:manifest";

/// Longest manifest, in bytes.
const MAX_MANIFEST: usize = 256 << 10;

/// The text of the manifest.
///
/// Only the component's own level counts. Parsers also yield the sections of nested modules, whose author may be somebody
/// else: what they claim is passed over.
pub(crate) fn embedded(component: &[u8]) -> Result<&str, LoadError> {
    let mut found = None;
    for payload in own_level(component) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == MANIFEST_SECTION
        {
            if found.is_some() {
                return Err(refuse(format!("there is more than one `{MANIFEST_SECTION}` section")));
            }
            found = Some(section.data());
        }
    }
    let data = found.ok_or(LoadError::NoManifest)?;
    if data.len() > MAX_MANIFEST {
        return Err(refuse(format!("it has {} bytes, at most {MAX_MANIFEST} are read", data.len())));
    }
    std::str::from_utf8(data).map_err(|error| refuse(format!("it is not UTF-8 text: {error}")))
}

/// The payloads of a component, without those of the modules and components inside it.
pub(crate) fn own_level(component: &[u8]) -> impl Iterator<Item = Result<Payload<'_>, LoadError>> {
    let mut depth = 0_usize;
    Parser::new(0).parse_all(component).filter_map(move |payload| {
        let payload = match payload {
            Ok(payload) => payload,
            Err(error) => return Some(Err(LoadError::NotAComponent(error.to_string()))),
        };
        let own = depth == 0;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        own.then_some(Ok(payload))
    })
}

/// Reads a manifest and judges what can be judged without the component.
pub(crate) fn parse(text: &str) -> Result<Manifest, LoadError> {
    let manifest: Manifest = toml::from_str(text).map_err(|error| refuse(error.to_string().trim_end().to_owned()))?;
    check_identity(&manifest)?;
    check_interfaces(&manifest)?;
    check_names(&manifest)?;
    check_schema(&manifest)?;
    check_limits(&manifest)?;
    Ok(manifest)
}

fn refuse(why: impl Into<String>) -> LoadError {
    LoadError::Manifest(why.into())
}

fn check_identity(manifest: &Manifest) -> Result<(), LoadError> {
    if !is_name(&manifest.name) {
        return Err(refuse(format!("name = {:?}: use 1 to 63 of a-z, 0-9 and -", manifest.name)));
    }
    if !is_version(&manifest.version) {
        return Err(refuse(format!("version = {:?}: use a semantic version such as 1.2.0", manifest.version)));
    }
    for (key, text) in [("publisher", &manifest.publisher), ("description", &manifest.description)] {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(refuse(format!("{key} = {text:?}: say it in one line of text")));
        }
    }
    Ok(())
}

fn check_interfaces(manifest: &Manifest) -> Result<(), LoadError> {
    if manifest.interfaces.is_empty() {
        return Err(refuse("interfaces = []: name at least one of criteria, hook, delivery, sync, identity"));
    }
    for capability in &manifest.capabilities {
        if !allowed(&manifest.interfaces, *capability) {
            let why = forbidden(&manifest.interfaces, *capability);
            return Err(refuse(format!("capabilities: {}, {why}", capability_name(*capability))));
        }
    }
    let http = manifest.capabilities.contains(&Capability::Http);
    if !http && !manifest.hosts.is_empty() {
        return Err(refuse("hosts are named, but capabilities lacks \"http\""));
    }
    if manifest.interfaces.contains(&Interface::Criteria) && manifest.kinds.is_empty() {
        return Err(refuse("kinds = []: name the event kinds that are consumed, or \"*\" when the settings name them"));
    }
    Ok(())
}

/// Whether a plugin that exports these may import that. Criteria are pure functions: a component that exports them imports
/// nothing but the log, whatever else it exports.
fn allowed(interfaces: &[Interface], capability: Capability) -> bool {
    let per_interface = |interface: &Interface| match capability {
        Capability::Log => true,
        Capability::Settings => *interface != Interface::Criteria,
        Capability::Keys => *interface == Interface::Hook,
        Capability::Http => matches!(interface, Interface::Delivery | Interface::Sync | Interface::Identity),
    };
    let pure = interfaces.contains(&Interface::Criteria);
    interfaces.iter().any(per_interface) && (!pure || capability == Capability::Log)
}

fn forbidden(interfaces: &[Interface], capability: Capability) -> &'static str {
    match capability {
        _ if interfaces.contains(&Interface::Criteria) => {
            "but criteria may use nothing but the log: put the connector into a plugin of its own"
        }
        Capability::Keys => "which only a plugin with the interface hook may use",
        _ => "which only a plugin with the interface delivery, sync or identity may use",
    }
}

fn check_names(manifest: &Manifest) -> Result<(), LoadError> {
    if let Some(kind) = manifest.kinds.iter().find(|kind| !is_kind(kind)) {
        return Err(refuse(format!("kinds: {kind:?} is no event kind; write it like \"course.completed\"")));
    }
    let asserts = manifest.interfaces.iter().any(|interface| *interface != Interface::Criteria);
    if asserts && let Some(kind) = manifest.kinds.iter().find(|kind| kind.starts_with("laurel:")) {
        return Err(refuse(format!("kinds: {kind:?} is the host's own and cannot be asserted by a connector")));
    }
    if let Some(host) = manifest.hosts.iter().find(|host| !is_host(host)) {
        return Err(refuse(format!("hosts: {host:?} is no exact host name; write it like \"api.example.org\"")));
    }
    for (index, secret) in manifest.secrets.iter().enumerate() {
        if !is_name(&secret.name) {
            return Err(refuse(format!("secrets: name = {:?}: use 1 to 63 of a-z, 0-9 and -", secret.name)));
        }
        if manifest.secrets[..index].iter().any(|earlier| earlier.name == secret.name) {
            return Err(refuse(format!("secrets: {:?} is named twice", secret.name)));
        }
    }
    Ok(())
}

fn check_schema(manifest: &Manifest) -> Result<(), LoadError> {
    let Some(schema) = &manifest.settings_schema else { return Ok(()) };
    match serde_json::from_str(schema) {
        Ok(serde_json::Value::Object(_)) => Ok(()),
        Ok(_) => Err(refuse("settings-schema: a JSON Schema is a JSON object")),
        Err(error) => Err(refuse(format!("settings-schema: not JSON: {error}"))),
    }
}

fn check_limits(manifest: &Manifest) -> Result<(), LoadError> {
    let limits = &manifest.limits;
    let zeros = [
        ("fuel", limits.fuel),
        ("memory", limits.memory),
        ("deadline-ms", limits.deadline_ms),
        ("output", limits.output),
    ];
    match zeros.iter().find(|(_, limit)| *limit == Some(0)) {
        Some((name, _)) => Err(refuse(format!("limits.{name} = 0 leaves nothing to run with"))),
        None => Ok(()),
    }
}

/// The capability's word in manifests and interface names.
pub(crate) fn capability_name(capability: Capability) -> &'static str {
    match capability {
        Capability::Log => "log",
        Capability::Settings => "settings",
        Capability::Keys => "keys",
        Capability::Http => "http",
    }
}

fn is_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Three numbers, and what may follow them after `-` or `+`.
fn is_version(version: &str) -> bool {
    let (core, rest) = version.split_at(version.find(['-', '+']).unwrap_or(version.len()));
    let is_number = |part: &str| part.len() <= 9 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte);
    core.split('.').count() == 3 && core.split('.').all(is_number) && rest.len() != 1 && rest.bytes().all(plain)
}

fn is_kind(kind: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:_-".contains(&byte);
    kind == "*" || ((1..=128).contains(&kind.len()) && kind.bytes().all(plain))
}

/// A lower-case DNS name of at least two labels; never an address, a pattern or a port.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(is_label)
        && !last.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "canvas"
        version = "0.1.0"
        publisher = "Laurel"
        description = "Canvas Live Events"
        interfaces = ["hook"]
        capabilities = ["log", "settings", "keys"]
        kinds = ["course.completed"]
        [[secrets]]
        name = "signing-secret"
        description = "from the developer key"
    "#;

    fn problem(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        parse(&GOOD.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn a_good_one_is_read() {
        assert_eq!(parse(GOOD).unwrap().interfaces, [Interface::Hook]);
    }

    #[test]
    fn every_problem_is_named() {
        for (from, to, says) in [
            (r#"name = "canvas""#, r#"name = "Canvas LMS""#, "1 to 63 of a-z"),
            ("0.1.0", "1", "semantic version"),
            ("0.1.0", "1.2.x", "semantic version"),
            ("Live Events", r"Live\nEvents", "one line"),
            (r#"["hook"]"#, "[]", "at least one of"),
            (r#"["hook"]"#, r#"["hok"]"#, "hok"),
            (r#"["hook"]"#, r#"["criteria", "hook"]"#, "nothing but the log"),
            (r#"["hook"]"#, r#"["sync"]"#, "only a plugin with the interface hook"),
            (r#""keys"]"#, r#""http"]"#, "delivery, sync or identity"),
            ("course.completed", "course completed", "no event kind"),
            ("course.completed", "laurel:wake", "host's own"),
            ("kinds =", "hosts = [\"a.example\"]\nkinds =", "lacks \"http\""),
            ("signing-secret", "signing secret", "secrets"),
            ("publisher", "fuel = 3\npublisher", "unknown field"),
            ("[[secrets]]", "settings-schema = '[]'\n[[secrets]]", "JSON object"),
            ("[[secrets]]", "settings-schema = '{'\n[[secrets]]", "not JSON"),
            ("[[secrets]]", "[limits]\nfuel = 0\n[[secrets]]", "limits.fuel = 0"),
        ] {
            let message = problem(from, to);
            assert!(message.contains(says), "{to}: {message}");
        }
    }

    #[test]
    fn hosts_are_exact_names() {
        for host in ["api.hubapi.com", "a-b.example"] {
            assert!(is_host(host), "{host}");
        }
        for host in
            ["localhost", "127.0.0.1", "*.example.org", "API.example.org", "a..b", "a.example:444", "a.example/", ""]
        {
            assert!(!is_host(host), "{host}");
        }
    }
}
