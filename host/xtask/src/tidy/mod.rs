//! Rules about the repository itself: what a reviewer would otherwise have to remember.
//!
//! Each rule is one file with one function from [`House`] to findings, and says in each finding what to change. To add one:
//! write the file and its test, and list it in [`RULES`]. `cargo xtask check` runs them, and so does `cargo test`.

mod changelog;
mod dependencies;
mod function_lengths;
mod heavy_crates;
mod house;
mod lengths;
mod links;
mod migrations;
mod names;
mod places;
mod pure_crates;
mod readmes;
mod test_index;
mod top_level;
mod wit_frozen;

use std::fmt;

use anyhow::{Result, bail};

pub(crate) use house::{House, Package, extension};

use crate::workspace::Workspace;

type Rule = fn(&House) -> Vec<Finding>;

const RULES: [(&str, Rule); 14] = [
    ("top-level names", top_level::check),
    ("a README in each room", readmes::check),
    ("changelog", changelog::check),
    ("dependency direction", dependencies::check),
    ("heavy crates have one owner", heavy_crates::check),
    ("pure crates stay pure", pure_crates::check),
    ("file lengths", lengths::check),
    ("function lengths", function_lengths::check),
    ("file names", names::check),
    ("migrations in step", migrations::check),
    ("released WIT is frozen", wit_frozen::check),
    ("tests have their row", test_index::check),
    ("links resolve", links::check),
    ("no places of one machine", places::check),
];

/// Something to change, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) place: String,
    pub(crate) message: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Applies every rule to this repository.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let house = House::read(&workspace.root)?;
    let mut report = Vec::new();
    for (rule, check) in RULES {
        report.extend(check(&house).into_iter().map(|finding| format!("[{rule}] {finding}")));
    }
    if !report.is_empty() {
        bail!("the house is not tidy:\n{}", report.join("\n"));
    }
    println!("tidy: {} rules over {} files", RULES.len(), house.files.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        if let Err(report) = check(&Workspace::find().unwrap()) {
            panic!("{report}");
        }
    }
}
