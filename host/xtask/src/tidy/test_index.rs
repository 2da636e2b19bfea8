//! Whoever looks for a test over the whole product finds it in the README: one row for each program in `tests/tests`.

use std::collections::BTreeSet;

use super::{Finding, House};

const README: &str = "tests/README.md";
const FOLDER: &str = "tests/tests/";

pub(super) fn check(house: &House) -> Vec<Finding> {
    let readme = house.text(README).unwrap_or_default();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `tests/")?.split('`').next());
    let (rows, programs): (BTreeSet<String>, _) = (rows.map(str::to_owned).collect(), programs(house));
    let missing = programs
        .difference(&rows)
        .map(|program| Finding::new(format!("{FOLDER}{program}"), format!("has no row in {README}: say what it asks")));
    let gone = rows
        .difference(&programs)
        .map(|row| Finding::new(README, format!("has a row for `tests/{row}`, which is not there: take it out")));
    missing.chain(gone).collect()
}

/// A file, or a folder with a `main.rs`.
fn programs(house: &House) -> BTreeSet<String> {
    let below = house.files.keys().filter_map(|path| path.strip_prefix(FOLDER));
    below
        .filter_map(|path| match path.split_once('/') {
            None => path.ends_with(".rs").then(|| path.to_owned()),
            Some((folder, "main.rs")) => Some(format!("{folder}/")),
            Some(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(readme: &str) -> Vec<String> {
        let files = [
            (README, readme),
            ("tests/tests/crash.rs", ""),
            ("tests/tests/properties/main.rs", ""),
            ("tests/tests/properties/lab.rs", ""),
            ("tests/tests/seeds/x.txt", ""),
        ];
        check(&House::with_files(&files)).into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn each_has_its_row() {
        assert!(places("| `tests/crash.rs` | a |\n| `tests/properties/` | b |\n| `src/` | c |").is_empty());
        assert_eq!(places("| `tests/crash.rs` | a |"), ["tests/tests/properties/"]);
    }

    #[test]
    fn what_is_gone_has_none() {
        assert_eq!(places("| `tests/crash.rs` | a |\n| `tests/properties/` | b |\n| `tests/old.rs` | c |"), [README]);
    }
}
