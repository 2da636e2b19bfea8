//! The direction of dependencies, one way only:
//!
//! ```text
//! laurel ─> laurel-http, laurel-storage, laurel-plugins, laurel-outbound ─> laurel-core ─> laurel-openbadges
//! plugins/* ─> laurel-plugin (plugin-sdk) ─> wit/ <─ laurel-plugins
//! xtask, laurel ─> laurel-pack
//! laurel-verifier ─> laurel-openbadges
//! benches ─> laurel-figures
//! laurel-fuzz ─> whose parsers it feeds
//! ```

use super::{Finding, House, Package};

/// Each of our crates, lowest first, and which of ours it may be built from.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("laurel-figures", &[]),
    ("laurel-openbadges", &[]),
    ("laurel-verifier", &["laurel-openbadges"]),
    ("laurel-plugin", &[]),
    ("laurel-pack", &[]),
    ("laurel-core", &["laurel-openbadges"]),
    ("laurel-storage", &["laurel-core", "laurel-openbadges"]),
    ("laurel-plugins", &["laurel-core", "laurel-openbadges"]),
    ("laurel-outbound", &["laurel-core", "laurel-openbadges"]),
    ("laurel-http", &["laurel-core", "laurel-openbadges"]),
    ("laurel-fuzz", &["laurel-openbadges", "laurel-core", "laurel-http", "laurel-pack"]),
    ("xtask", &["laurel-pack"]),
    (
        "laurel",
        &[
            "laurel-openbadges",
            "laurel-core",
            "laurel-storage",
            "laurel-plugins",
            "laurel-outbound",
            "laurel-http",
            "laurel-pack",
        ],
    ),
    (
        "laurel-tests",
        &[
            "laurel-openbadges",
            "laurel-core",
            "laurel-storage",
            "laurel-plugins",
            "laurel-outbound",
            "laurel-http",
            "laurel-pack",
        ],
    ),
];
const PLUGINS_MAY_USE: &[&str] = &["laurel-plugin"];

pub(super) fn check(house: &House) -> Vec<Finding> {
    house.packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let place = format!("{}/Cargo.toml", package.folder);
    let Some(allowed) = allowed(package) else {
        let message =
            "is a new crate: give it a place in host/xtask/src/tidy/dependencies.rs and in host/ARCHITECTURE.md";
        return vec![Finding::new(place, message)];
    };
    let ours = package.dependencies.iter().filter(|dependency| rank(&dependency.name).is_some());
    ours.filter(|dependency| {
        let name = dependency.name.as_str();
        // A test may also use a neighbour on the same floor or below (a handler's test the real storage), nothing above.
        let for_tests = dependency.dev && rank(name) < rank(&package.name);
        !allowed.contains(&name) && !for_tests
    })
    .map(|dependency| {
        let name = &dependency.name;
        let message = format!("{} must not depend on {name}: {}", package.name, advice(package, allowed));
        Finding::new(place.clone(), message)
    })
    .collect()
}

fn allowed(package: &Package) -> Option<&'static [&'static str]> {
    if package.folder.starts_with("plugins/") {
        return Some(PLUGINS_MAY_USE);
    }
    MAY_USE.iter().find(|(name, _)| *name == package.name).map(|(_, allowed)| *allowed)
}

/// Position from the ground; `None` for crates that are not ours.
fn rank(name: &str) -> Option<usize> {
    MAY_USE.iter().position(|(each, _)| *each == name)
}

fn advice(package: &Package, allowed: &[&str]) -> String {
    if package.name == "laurel-core" || package.name == "laurel-openbadges" {
        return "say what you need as a port (a trait) in laurel-core and implement it above".to_owned();
    }
    match allowed {
        [] => "of our crates it may use none".to_owned(),
        some => format!("of our crates it may use {}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, folder: &str, dependency: (&str, bool)) -> Vec<Finding> {
        check(&House::with_package(name, folder, &[dependency]))
    }

    #[test]
    fn downwards_is_allowed() {
        assert_eq!(findings("laurel-storage", "host/laurel-storage", ("laurel-core", false)), []);
        assert_eq!(findings("laurel-plugin-canvas", "plugins/canvas", ("laurel-plugin", false)), []);
        assert_eq!(findings("laurel-core", "host/laurel-core", ("serde", false)), []);
    }

    #[test]
    fn upwards_and_sideways_are_not() {
        for (name, dependency) in [
            ("laurel-core", "laurel-storage"),
            ("laurel-openbadges", "laurel-core"),
            ("laurel-http", "laurel-storage"),
            ("xtask", "laurel-core"),
        ] {
            let found = findings(name, "host/x", (dependency, false));
            assert!(found[0].message.contains(dependency), "{found:?}");
        }
        assert_eq!(findings("laurel-plugin-canvas", "plugins/canvas", ("laurel-core", false)).len(), 1);
    }

    #[test]
    fn tests_may_look_sideways_but_not_up() {
        assert_eq!(findings("laurel-http", "host/laurel-http", ("laurel-storage", true)), []);
        assert_eq!(findings("laurel-core", "host/laurel-core", ("laurel-storage", true)).len(), 1);
    }

    #[test]
    fn a_new_crate_must_be_placed() {
        assert!(check(&House::with_package("laurel-new", "host/laurel-new", &[]))[0].message.contains("new crate"));
    }
}
