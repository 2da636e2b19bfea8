//! The domain and the document library do no I/O, read no clock and draw no random numbers. Nothing they are built from,
//! however indirectly, may either.

use super::{Finding, House};

pub(super) const PURE: [&str; 2] = ["laurel-core", "laurel-openbadges"];

const IMPURE: [&str; 10] =
    ["tokio", "async-std", "mio", "sqlx", "axum", "hyper", "reqwest", "wasmtime", "getrandom", "rand"];

pub(super) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (package, closure) in &house.closures {
        for impure in IMPURE.iter().filter(|name| closure.contains(**name)) {
            let message = format!(
                "{package} must not be built from {impure}; `cargo tree -p {package} -i {impure}` says who needs it"
            );
            findings.push(Finding::new(format!("host/{package}/Cargo.toml"), message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_found_however_deep() {
        let mut house = House::default();
        house.closures.insert("laurel-core".to_owned(), ["serde".to_owned(), "tokio".to_owned()].into());
        assert!(check(&house)[0].message.contains("cargo tree -p laurel-core -i tokio"));
    }
}
