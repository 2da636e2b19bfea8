//! A capability needs two yeses: what the operator grants must be among what the manifest asks for.

use super::{Grant, Interface, Manifest};
use crate::error::Problem;
use crate::subjects::home_page_of;

impl Grant {
    /// What it grants that was not asked for, or leaves open that a connector needs; pointers begin with `/grant`.
    pub fn check(&self, manifest: &Manifest) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, capability) in self.capabilities.iter().enumerate() {
            if !manifest.capabilities.contains(capability) {
                let message = format!("{} does not ask for this capability", manifest.name);
                problems.push(Problem::at(format!("/grant/capabilities/{index}"), message));
            }
        }
        for (index, secret) in self.secrets.iter().enumerate() {
            if !manifest.secrets.iter().any(|need| need.name == *secret) {
                let message = format!("{} names no secret {secret:?}", manifest.name);
                problems.push(Problem::at(format!("/grant/secrets/{index}"), message));
            }
        }
        for (index, host) in self.hosts.iter().enumerate() {
            if !manifest.hosts.contains(host) {
                let message = format!("{} does not ask for the host {host:?}", manifest.name);
                problems.push(Problem::at(format!("/grant/hosts/{index}"), message));
            }
        }
        problems.extend(self.check_assertions(manifest));
        problems
    }

    fn check_assertions(&self, manifest: &Manifest) -> Vec<Problem> {
        let sends = manifest.interfaces.iter().any(|each| matches!(each, Interface::Hook | Interface::Sync));
        let place = "/grant/assertions";
        match (&self.assertions, sends) {
            (None, false) => Vec::new(),
            (None, true) => {
                let message = "a connector needs assertions: which namespaces and kinds its events may claim";
                vec![Problem::at(place, message)]
            }
            (Some(_), false) => vec![Problem::at(place, format!("{} sends no events", manifest.name))],
            (Some(assertions), true) => {
                let mut problems = assertions.check(place);
                for (index, kind) in assertions.kinds.iter().enumerate() {
                    if !covers(&manifest.kinds, kind) && kind != "*" {
                        let message = format!("{} asserts only {}", manifest.name, manifest.kinds.join(", "));
                        problems.push(Problem::at(format!("{place}/kinds/{index}"), message));
                    }
                }
                problems
            }
        }
    }
}

/// Whether a kind or pattern of kinds (`course.*`) lies within these.
pub fn covers(patterns: &[String], kind: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    })
}

/// Whether an account's home-page lies within one of these namespaces: it is the same, or below it.
pub(crate) fn in_namespace(namespaces: &[String], home_page: &str) -> bool {
    namespaces.iter().any(|namespace| {
        namespace == "*"
            || home_page_of(namespace).is_ok_and(|own| {
                home_page.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_ends_at_a_segment() {
        let own = ["https://lms.example.org/".to_owned()];
        assert!(in_namespace(&own, "https://lms.example.org") && in_namespace(&own, "https://lms.example.org/eu"));
        assert!(!in_namespace(&own, "https://lms.example.org.evil.test") && !in_namespace(&own, "https://a.test"));
        assert!(in_namespace(&["*".to_owned()], "https://a.test") && !in_namespace(&[], "https://a.test"));
    }

    #[test]
    fn kinds_within_kinds() {
        let of = |pattern: &str, kind| covers(&[pattern.to_owned()], kind);
        assert!(of("course.*", "course.*") && of("course.*", "course.completed") && of("*", "deal.*"));
        assert!(!of("course.completed", "course.*") && !of("course.*", "*"));
    }
}
