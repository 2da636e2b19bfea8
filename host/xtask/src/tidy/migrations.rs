//! Both engines take the same steps: the same numbers with the same names, without gaps.

use std::collections::BTreeSet;

use super::{Finding, House, extension};

const ENGINES: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

pub(super) fn check(house: &House) -> Vec<Finding> {
    let [sqlite, postgres] = ENGINES.map(|folder| names_in(house, folder));
    let mut findings = missing(&sqlite, &postgres, ENGINES[1]);
    findings.extend(missing(&postgres, &sqlite, ENGINES[0]));
    for (index, name) in sqlite.union(&postgres).enumerate() {
        let number = format!("{:04}_", index + 1);
        if !name.starts_with(&number) || extension(name) != "sql" {
            let message = format!("should be named {number}<what it does>.sql: numbers have four digits and no gaps");
            findings.push(Finding::new(format!("migrations/*/{name}"), message));
        }
    }
    findings
}

fn names_in<'a>(house: &'a House, folder: &str) -> BTreeSet<&'a str> {
    let files = house.files.keys().filter_map(|path| path.strip_prefix(folder));
    files.filter(|name| extension(name) != "md" && !name.starts_with('.')).collect()
}

fn missing(have: &BTreeSet<&str>, other: &BTreeSet<&str>, folder: &str) -> Vec<Finding> {
    let message = "is missing: each migration exists for both engines, even if one has nothing to do";
    have.difference(other).map(|name| Finding::new(format!("{folder}{name}"), message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[&str]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|path| (*path, "")).collect();
        check(&House::with_files(&files)).into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn a_pair_is_fine() {
        assert!(findings(&["migrations/sqlite/0001_start.sql", "migrations/postgres/0001_start.sql"]).is_empty());
    }

    #[test]
    fn a_lone_one_is_not() {
        assert_eq!(findings(&["migrations/sqlite/0001_start.sql"]), ["migrations/postgres/0001_start.sql"]);
    }

    #[test]
    fn numbers_have_no_gaps() {
        let files = ["migrations/sqlite/0002_more.sql", "migrations/postgres/0002_more.sql"];
        assert_eq!(findings(&files), ["migrations/*/0002_more.sql"]);
    }
}
