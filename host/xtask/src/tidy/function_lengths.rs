//! Functions are at most 80 lines long. Clippy counts them; this rule sees to it that nobody tells clippy not to.

use super::{Finding, House, extension};

const MOST: i64 = 80;

pub(super) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    let limit = house.text("clippy.toml").and_then(|text| text.parse::<toml::Table>().ok());
    let limit = limit.and_then(|table| table.get("too-many-lines-threshold")?.as_integer());
    if limit.is_none_or(|limit| limit > MOST) {
        findings.push(Finding::new("clippy.toml", format!("must hold `too-many-lines-threshold = {MOST}` or less")));
    }
    let lint = ["too", "many", "lines"].join("_");
    let silenced = house.texts().filter(|(path, text)| is_rust_or_manifest(path) && text.contains(&lint));
    findings.extend(silenced.map(|(path, _)| {
        Finding::new(path, format!("names the lint {lint}: split the function instead, {MOST} lines is the most"))
    }));
    findings
}

fn is_rust_or_manifest(path: &str) -> bool {
    extension(path) == "rs" || path.ends_with("Cargo.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lint_stays_on() {
        let settings = ("clippy.toml", "too-many-lines-threshold = 80\n");
        assert_eq!(check(&House::with_files(&[settings, ("a.rs", "fn a() {}")])), []);
        let silenced = format!("#[allow(clippy::{})]", ["too", "many", "lines"].join("_"));
        assert_eq!(check(&House::with_files(&[settings, ("a.rs", &silenced)]))[0].place, "a.rs");
        assert_eq!(
            check(&House::with_files(&[("clippy.toml", "too-many-lines-threshold = 100")]))[0].place,
            "clippy.toml"
        );
    }
}
