//! A file is short enough to be read.

use super::{Finding, House, extension};

const MOST: usize = 600;
/// What counts as a source file, by the end of its name.
pub(super) const KINDS: [&str; 10] = ["rs", "wit", "sql", "js", "mjs", "ts", "py", "sh", "css", "html"];
/// A file that says in its first lines that a program wrote it is not read by people.
const GENERATED: &str = "@generated";

pub(super) fn check(house: &House) -> Vec<Finding> {
    let sources = house.texts().filter(|(path, text)| KINDS.contains(&extension(path)) && !is_generated(text));
    let long = sources.map(|(path, text)| (path, text.lines().count())).filter(|&(_, lines)| lines > MOST);
    long.map(|(path, lines)| Finding::new(path, format!("has {lines} lines; split it, {MOST} is the most"))).collect()
}

fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains(GENERATED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_for_written_sources() {
        let long = "\n".repeat(MOST + 1);
        let generated = format!("// {GENERATED} by tables.py\n{long}");
        let files = [("a.rs", long.as_str()), ("b.md", &long), ("c.rs", &generated), ("d.rs", &long[1..])];
        let found = check(&House::with_files(&files));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "a.rs");
    }
}
