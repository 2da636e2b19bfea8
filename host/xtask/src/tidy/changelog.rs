//! What changes for users is written down as it changes.

use super::{Finding, House};

pub(super) fn check(house: &House) -> Vec<Finding> {
    let Some(text) = house.text("CHANGELOG.md") else {
        return vec![Finding::new("CHANGELOG.md", "is missing: start it as keepachangelog.com describes")];
    };
    if text.lines().any(|line| line.starts_with("## [")) {
        return Vec::new();
    }
    vec![Finding::new("CHANGELOG.md", "has no `## [Unreleased]` or `## [version]` heading")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_must_be_there_and_have_a_heading() {
        assert_eq!(check(&House::with_files(&[])).len(), 1);
        assert_eq!(check(&House::with_files(&[("CHANGELOG.md", "# Changelog\n")])).len(), 1);
        assert_eq!(check(&House::with_files(&[("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n")])), []);
    }
}
