//! What `/metrics` tells, in the Prometheus text format.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use laurel_core::backlog::Backlog;
use laurel_core::events::Appended;

/// Counters since the process began.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    accepted: AtomicU64,
    duplicates: AtomicU64,
    conflicts: AtomicU64,
    hooks_taken: AtomicU64,
    hooks_refused: AtomicU64,
    /// By class: 1xx, 2xx, 3xx, 4xx, 5xx.
    answers: [AtomicU64; 5],
}

impl Metrics {
    pub(crate) fn count_events(&self, appended: &[Appended]) {
        for each in appended {
            let counter = match each {
                Appended::New(_) => &self.accepted,
                Appended::Duplicate(_) => &self.duplicates,
                Appended::Conflict(_) => &self.conflicts,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn count_hook(&self, taken: bool) {
        let counter = if taken { &self.hooks_taken } else { &self.hooks_refused };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_answer(&self, status: u16) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    /// The text; `backlog` is none where the store did not answer.
    pub(crate) fn render(&self, backlog: Option<Backlog>) -> String {
        let mut text = String::new();
        let events = [("accepted", &self.accepted), ("duplicate", &self.duplicates), ("conflict", &self.conflicts)];
        family(&mut text, "laurel_events_total", "Events received, by what came of them.", "status", &events);
        let hooks = [("taken", &self.hooks_taken), ("refused", &self.hooks_refused)];
        family(&mut text, "laurel_hooks_total", "Deliveries of partners, by what came of them.", "status", &hooks);
        let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];
        let answers: Vec<_> = classes.into_iter().zip(&self.answers).collect();
        family(&mut text, "laurel_http_answers_total", "Answers, by class of status.", "class", &answers);
        if let Some(backlog) = backlog {
            for (name, help, value) in gauges(&backlog) {
                let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
            }
        }
        text
    }
}

fn gauges(backlog: &Backlog) -> [(&'static str, &'static str, u64); 5] {
    [
        ("laurel_lag_events", "Events in the log not yet folded.", backlog.lag),
        ("laurel_parked_rules", "Rules that stopped for a subject, by rule and subject.", backlog.parked),
        ("laurel_unsigned_awards", "Awards that wait for their signature.", backlog.unsigned),
        ("laurel_unrelayed_events", "Award events that wait to enter the log.", backlog.unrelayed),
        ("laurel_unpublished_lists", "Status lists that changed and wait to be published.", backlog.unpublished),
    ]
}

fn family(text: &mut String, name: &str, help: &str, label: &str, values: &[(&str, &AtomicU64)]) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
    for (value, counter) in values {
        let _ = writeln!(text, "{name}{{{label}=\"{value}\"}} {}", counter.load(Ordering::Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form() {
        let metrics = Metrics::default();
        metrics.count_answer(202);
        metrics.count_hook(false);
        let text = metrics.render(Some(Backlog { lag: 3, unpublished: 2, ..Backlog::default() }));
        assert!(text.contains("laurel_http_answers_total{class=\"2xx\"} 1\n"), "{text}");
        assert!(
            text.contains("laurel_hooks_total{status=\"refused\"} 1\n") && text.contains("\nlaurel_lag_events 3\n")
        );
        assert!(text.ends_with("laurel_unpublished_lists 2\n"), "{text}");
        assert!(!metrics.render(None).contains("lag"));
    }
}
