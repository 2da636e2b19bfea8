//! Some dependencies are a decision: whoever may use them is written here, so that their ideas stay behind one boundary.

use super::{Finding, House};

/// The dependency, who may use it, and what stands there instead.
const OWNERS: [(&str, &str, &str); 3] = [
    ("sqlx", "laurel-storage", "ask for the data through a port of laurel-core"),
    ("wasmtime", "laurel-plugins", "call plugins through the ports of laurel-core"),
    ("axum", "laurel-http", "put the handler into laurel-http"),
];
/// Tests over the whole product may look at anything.
const EXEMPT: &str = "laurel-tests";

pub(super) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in house.packages.iter().filter(|package| package.name != EXEMPT) {
        for (heavy, owner, instead) in OWNERS {
            if package.name != owner && package.dependencies.iter().any(|dependency| dependency.name == heavy) {
                let message = format!("only {owner} depends on {heavy}: {instead}");
                findings.push(Finding::new(format!("{}/Cargo.toml", package.folder), message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_has_one_home() {
        assert_eq!(check(&House::with_package("laurel-storage", "host/laurel-storage", &[("sqlx", false)])), []);
        let found = check(&House::with_package("laurel-http", "host/laurel-http", &[("sqlx", true)]));
        assert!(found[0].message.contains("only laurel-storage"), "{found:?}");
    }
}
