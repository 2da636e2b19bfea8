//! Nothing in the repository names a place that only one machine has: a folder of somebody's, or the host of a package
//! registry (clients are configured by whoever runs them, with mirrors if need be).

use super::{Finding, House};

/// Top-level folders whose content differs from machine to machine.
const FOLDERS: [&str; 3] = ["work", "root", "home"];
/// Registries, written in parts so that this file keeps its own rule.
const REGISTRIES: [(&str, &str); 6] = [
    ("crates", "io"),
    ("registry.npmjs", "org"),
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("deb.debian", "org"),
    ("snapshot.debian", "org"),
];
/// Cargo writes where each crate comes from, and does not ask.
const EXEMPT: &str = "Cargo.lock";

pub(super) fn check(house: &House) -> Vec<Finding> {
    let folders: Vec<_> = FOLDERS.iter().map(|name| format!("/{name}/")).collect();
    let registries: Vec<_> = REGISTRIES.iter().map(|(name, domain)| format!("{name}.{domain}")).collect();
    let mut findings = Vec::new();
    for (path, text) in house.texts().filter(|(path, _)| *path != EXEMPT) {
        for (index, line) in text.lines().enumerate() {
            let place = || format!("{path}:{}", index + 1);
            if let Some(folder) = folders.iter().find(|folder| holds_path(line, folder)) {
                findings.push(Finding::new(
                    place(),
                    format!("names a path below {folder}: say it relative to the repository"),
                ));
            }
            if let Some(host) = registries.iter().find(|host| line.contains(host.as_str())) {
                findings
                    .push(Finding::new(place(), format!("names the package registry {host}: name the package only")));
            }
        }
    }
    findings
}

/// Does `folder` start a path here, and is not a part of a longer path or of an address?
fn holds_path(line: &str, folder: &str) -> bool {
    let before = |at: usize| line[..at].chars().next_back();
    line.match_indices(folder).any(|(at, _)| before(at).is_none_or(|c| !c.is_alphanumeric() && !"/._-}>~".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &str) -> usize {
        check(&House::with_files(&[("a.md", line)])).len()
    }

    #[test]
    fn absolute_paths_of_people_are_found() {
        let name = FOLDERS[2];
        assert_eq!(count(&format!("cd /{name}/me/laurel")), 1);
        assert_eq!(count(&format!("path = \"/{name}/me\"")), 1);
        assert_eq!(count(&format!("https://example.org/{name}/page and ./{name}/x")), 0);
    }

    #[test]
    fn registries_are_found_except_in_the_lock_file() {
        let (name, domain) = REGISTRIES[0];
        assert_eq!(count(&format!("see https://{name}.{domain}/x")), 1);
        assert_eq!(check(&House::with_files(&[(EXEMPT, &format!("{name}.{domain}"))])), []);
    }
}
