//! Links between our documents lead somewhere.

use super::{Finding, House, extension};

pub(super) fn check(house: &House) -> Vec<Finding> {
    let documents = house.texts().filter(|(path, _)| extension(path) == "md");
    documents.flat_map(|(path, text)| check_document(house, path, text)).collect()
}

fn check_document(house: &House, path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in prose(text) {
        for target in targets(&line) {
            if let Some(problem) = problem(house, path, &target) {
                findings.push(Finding::new(format!("{path}:{number}"), format!("the link to `{target}` {problem}")));
            }
        }
    }
    findings
}

/// Numbered lines without code: neither fenced blocks nor what stands between backticks.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        let outside: String = line.split('`').step_by(2).collect();
        (!fenced && !fence).then_some((index + 1, outside))
    })
}

/// The targets of `[text](target)` and of `[label]: target`.
fn targets(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let reference =
        line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
    let raw = inline.chain(reference).filter_map(|target| target.split_whitespace().next());
    raw.map(|target| target.trim_matches(['<', '>']).to_owned()).collect()
}

fn problem(house: &House, from: &str, target: &str) -> Option<&'static str> {
    let outside = target.contains("://") || target.starts_with("mailto:");
    if outside {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let file = if file.is_empty() { from.to_owned() } else { join(from, file)? };
    if !house.has(&file) {
        return Some("leads nowhere");
    }
    let headings = house.text(&file).filter(|_| extension(&file) == "md")?;
    let known = |anchor: &str| prose(headings).any(|(_, line)| slug(&line).as_deref() == Some(anchor));
    (!anchor.is_none_or(known)).then_some("names a heading that is not there")
}

/// `target` seen from the folder of `from`; `None` when it leaves the repository, which cannot be checked.
fn join(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchor that renderers give a heading. Backticks are gone already; their content too, so such headings match loosely.
fn slug(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = heading.to_lowercase();
    Some(
        kept.chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let files = [("host/a.md", text), ("host/b.md", "# The other one\n"), ("README.md", "")];
        check(&House::with_files(&files)).into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn good_links() {
        let text = "# Here\n[b](b.md), [root](../README.md), [folder](../host/), [h](b.md#the-other-one), [self](#here),\n\
                    [web](https://example.org/x) and `[code](nowhere)`\n```\n[code](nowhere)\n```\n[ref]: b.md\n";
        assert!(findings(text).is_empty(), "{:?}", findings(text));
    }

    #[test]
    fn dead_links_are_named_with_their_line() {
        assert_eq!(findings("\n[x](gone.md)"), ["host/a.md:2"]);
        assert_eq!(findings("[x](b.md#gone)"), ["host/a.md:1"]);
        assert_eq!(findings("[x]: ../gone/\n"), ["host/a.md:1"]);
    }
}
