//! Every room has a sign on the door.

use super::top_level::FOLDERS;
use super::{Finding, House};

pub(super) fn check(house: &House) -> Vec<Finding> {
    let rooms = FOLDERS.iter().map(|folder| format!("{folder}/README.md"));
    let missing =
        std::iter::once("README.md".to_owned()).chain(rooms).filter(|readme| !house.files.contains_key(readme));
    missing.map(|readme| Finding::new(readme, "is missing: say what is here, how to add one, how to test it")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_sign_is_named() {
        let found = check(&House::with_files(&[("README.md", ""), ("host/README.md", "")]));
        assert!(found.iter().any(|finding| finding.place == "wit/README.md"));
        assert!(!found.iter().any(|finding| finding.place == "host/README.md"));
    }
}
