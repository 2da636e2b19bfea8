//! The names at the root are fixed: a newcomer learns them once.

use super::{Finding, House};

pub(super) const FOLDERS: [&str; 6] = ["host", "plugin-sdk", "plugins", "wit", "migrations", "tests"];
const FILES: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "deny.toml",
    "clippy.toml",
    "rustfmt.toml",
    "rust-toolchain.toml",
];

pub(super) fn check(house: &House) -> Vec<Finding> {
    let mut strangers: Vec<_> = house.files.keys().filter_map(|path| stranger(path)).collect();
    strangers.dedup();
    let message = "does not belong at the root: move it into the folder it is about";
    strangers.into_iter().map(|name| Finding::new(name, message)).collect()
}

fn stranger(path: &str) -> Option<&str> {
    let (name, known) = match path.split_once('/') {
        Some((folder, _)) => (folder, FOLDERS.contains(&folder)),
        None => (path, FILES.contains(&path)),
    };
    (!known && !name.starts_with('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_and_dot_files() {
        let house = House::with_files(&[
            ("host/a.rs", ""),
            (".ci/run", ""),
            ("docs/a.md", ""),
            ("docs/b.md", ""),
            ("x.txt", ""),
        ]);
        let names: Vec<_> = check(&house).into_iter().map(|finding| finding.place).collect();
        assert_eq!(names, ["docs", "x.txt"]);
    }
}
