//! Source files are named by noun and verb. A name that fits everything tells nothing.

use super::lengths::KINDS;
use super::{Finding, House, extension};

const EMPTY_NAMES: [&str; 7] = ["utils", "util", "helpers", "helper", "manager", "managers", "misc"];

pub(super) fn check(house: &House) -> Vec<Finding> {
    let sources = house.files.keys().filter(|path| KINDS.contains(&extension(path)));
    let vague = sources.filter(|path| path.split('/').any(is_empty_name));
    let message = "has a name that says nothing: name it by what it does, as in `awards/create.rs`";
    vague.map(|path| Finding::new(path, message)).collect()
}

fn is_empty_name(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    stem.split(['_', '-']).any(|word| EMPTY_NAMES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_names_are_refused_wherever_they_stand() {
        for vague in ["host/a/src/utils.rs", "host/a/src/helpers/x.rs", "tests/plugin_manager.rs", "a/test-utils/b.rs"]
        {
            assert_eq!(check(&House::with_files(&[(vague, "")])).len(), 1, "{vague}");
        }
        for telling in ["host/a/src/awards/create.rs", "plugins/recipe/fixtures/community-helper.json"] {
            assert_eq!(check(&House::with_files(&[(telling, "")])), []);
        }
    }
}
