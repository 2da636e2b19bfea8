//! A released `wit/vX.Y` never changes: plugins compiled against it are out there.
//!
//! `wit/frozen.toml` holds one line for each released version: the digest of its files. A release adds the line; this rule
//! prints the digest to put there.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Finding, House};

const RECORD: &str = "wit/frozen.toml";

pub(super) fn check(house: &House) -> Vec<Finding> {
    let record = match house.text(RECORD).unwrap_or_default().parse::<toml::Table>() {
        Ok(record) => record,
        Err(error) => return vec![Finding::new(RECORD, error.to_string())],
    };
    let changed = record.iter().filter_map(|(version, recorded)| {
        let digest = digest(house, version);
        let message = "differs from what was released: put it back and make a new version";
        (recorded.as_str() != Some(digest.as_str())).then(|| Finding::new(format!("wit/{version}"), message))
    });
    changed.chain(unrecorded(house, &record)).collect()
}

/// `vX.Y` goes out with the release `X.Y.0`; from then on it has to be in the record.
fn unrecorded(house: &House, record: &toml::Table) -> Vec<Finding> {
    let released = house.text("CHANGELOG.md").unwrap_or_default().lines().filter_map(|line| {
        let version = line.strip_prefix("## [")?.split(']').next()?;
        version.strip_suffix(".0").map(|short| format!("v{short}"))
    });
    let missing = released.filter(|version| house.has(&format!("wit/{version}")) && !record.contains_key(version));
    missing
        .map(|version| {
            let line = format!("\"{version}\" = \"{}\"", digest(house, &version));
            Finding::new(RECORD, format!("{version} is released, so freeze it with the line {line}"))
        })
        .collect()
}

/// Over the paths and contents of the version's files, in the order of their names.
fn digest(house: &House, version: &str) -> String {
    let folder = format!("wit/{version}/");
    let mut hash = Sha256::new();
    for (path, text) in house.texts().filter(|(path, _)| path.starts_with(&folder)) {
        hash.update(format!("{path}\n{}\n{text}", text.len()));
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: (&str, &str) = ("CHANGELOG.md", "## [Unreleased]\n## [0.1.0] - 2026-11-22\n");

    #[test]
    fn before_its_release_it_may_change() {
        let files = [("CHANGELOG.md", "## [Unreleased]"), ("wit/v0.1/types.wit", "package a:b;")];
        assert_eq!(check(&House::with_files(&files)), []);
    }

    #[test]
    fn a_release_freezes() {
        let wit = ("wit/v0.1/types.wit", "package a:b;");
        let finding = check(&House::with_files(&[CHANGELOG, wit])).remove(0);
        let line = finding.message.split_once("the line ").unwrap().1.to_owned();
        assert_eq!(check(&House::with_files(&[CHANGELOG, wit, (RECORD, &line)])), []);
        let edited = ("wit/v0.1/types.wit", "package a:c;");
        assert_eq!(check(&House::with_files(&[CHANGELOG, edited, (RECORD, &line)]))[0].place, "wit/v0.1");
        let added = ("wit/v0.1/more.wit", "");
        assert_eq!(check(&House::with_files(&[CHANGELOG, wit, added, (RECORD, &line)]))[0].place, "wit/v0.1");
    }
}
