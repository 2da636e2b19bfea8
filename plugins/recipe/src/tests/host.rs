//! A host in miniature: it hands over events in order, fires the wake-up that was asked for before the first event received at
//! or after it, and keeps the state.

use laurel_plugin::criteria::{Decision, Progress, WAKE};
use laurel_plugin::time::rfc3339;
use laurel_plugin::{Criteria, Event};

use crate::Recipe;

/// What came of playing a rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Played {
    pub(super) state: Option<Vec<u8>>,
    pub(super) decisions: Vec<Decision>,
    /// `2026-01-01T00:00:00.000Z award 1 until …`, in the order they were made.
    pub(super) lines: Vec<String>,
    pub(super) progress: Vec<Progress>,
    wake: Option<i64>,
    received: i64,
}

impl Played {
    /// Hands over all events, in batches of the given sizes over and over, and then lets time pass until `until`.
    pub(super) fn play(settings: &str, events: &[Event], sizes: &[usize], until: i64) -> Result<Self, String> {
        let mut played = Self { received: i64::MIN, ..Self::default() };
        let mut sizes = sizes.iter().copied().cycle();
        let mut at = 0;
        while at < events.len() {
            let size = sizes.next().unwrap_or(1).clamp(1, events.len() - at);
            let due = played.wake.filter(|wake| *wake <= events[at].received);
            let mut batch: Vec<Event> = due.map(|wake| wake_event(wake.max(played.received))).into_iter().collect();
            let woken = batch.len();
            if woken == 0 || size > 1 {
                batch.extend_from_slice(&events[at..at + size]);
            }
            let consumed = played.call(settings, &batch)?;
            at += consumed - woken;
        }
        while let Some(wake) = played.wake.filter(|wake| *wake <= until) {
            let wake = wake.max(played.received);
            played.call(settings, &[wake_event(wake)])?;
        }
        Ok(played)
    }

    fn call(&mut self, settings: &str, batch: &[Event]) -> Result<usize, String> {
        let outcome = Recipe::evaluate(settings, self.state.as_deref(), batch)?;
        let consumed = outcome.consumed as usize;
        assert!(consumed >= 1 && consumed <= batch.len(), "{consumed} of {}", batch.len());
        self.received = batch[consumed - 1].received;
        let at = rfc3339(self.received);
        self.lines.extend(outcome.decisions.iter().map(|decision| format!("{at} {}", words(decision))));
        self.decisions.extend(outcome.decisions);
        self.progress = outcome.progress;
        self.wake = outcome.wake;
        self.state = Some(outcome.state);
        Ok(consumed)
    }
}

fn wake_event(at: i64) -> Event {
    laurel_plugin::testing::event(WAKE, at)
}

fn words(decision: &Decision) -> String {
    match decision {
        Decision::Award(award) => match award.valid_until {
            Some(until) => format!("award {} until {}", award.key, rfc3339(until)),
            None => format!("award {}", award.key),
        },
        Decision::Revoke(change) => format!("revoke {}", change.key),
        Decision::Suspend(change) => format!("suspend {}", change.key),
        Decision::Reinstate(change) => format!("reinstate {}", change.key),
        Decision::Points(points) => format!("points {} {}", points.key, points.amount),
    }
}
