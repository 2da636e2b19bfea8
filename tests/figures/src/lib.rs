//! How the benches tell what they measured: a line a figure, each beside its limit of the same run.
#![allow(clippy::print_stdout, reason = "figures are what a bench prints")]

use serde_json::json;

/// Where the figures go.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    json: bool,
}

impl Figures {
    /// As the command line wants them: with `--json` one object a line (name, value, unit, limit, ratio), else for people.
    pub fn from_arguments() -> Self {
        Self { json: std::env::args().any(|argument| argument == "--json") }
    }

    /// One figure. `limit` is in the same unit; the ratio is value over limit.
    pub fn add(&self, name: &str, value: f64, unit: &str, limit: Option<f64>) {
        println!("{}", self.line(name, value, unit, limit));
    }

    fn line(self, name: &str, value: f64, unit: &str, limit: Option<f64>) -> String {
        let ratio = limit.map(|limit| value / limit);
        if self.json {
            return json!({ "name": name, "value": value, "unit": unit, "limit": limit, "ratio": ratio }).to_string();
        }
        let beside = limit.zip(ratio).map_or(String::new(), |(limit, ratio)| format!("  of {limit:.1}: {ratio:.2}"));
        format!("{name:<64} {value:>10.1} {unit}{beside}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object_or_one_row() {
        let line = |json, limit| Figures { json }.line("signatures", 50.0, "1/s", limit);
        let object: serde_json::Value = serde_json::from_str(&line(true, Some(200.0))).unwrap();
        assert_eq!(
            object,
            json!({ "name": "signatures", "value": 50.0, "unit": "1/s", "limit": 200.0, "ratio": 0.25 })
        );
        let object: serde_json::Value = serde_json::from_str(&line(true, None)).unwrap();
        assert_eq!((&object["limit"], &object["ratio"]), (&json!(null), &json!(null)));
        assert!(line(false, Some(200.0)).ends_with("50.0 1/s  of 200.0: 0.25"));
        assert!(line(false, None).ends_with("50.0 1/s"));
    }
}
