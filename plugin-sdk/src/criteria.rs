//! The interface `criteria`: award criteria as a pure function, `(settings, state, events) -> (state', decisions)`.
//!
//! Most plugins implement [`Fold`]: one event at a time, with typed settings and state. [`Criteria`] is the interface itself,
//! for those who want to read settings and keep state their own way.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Event;
pub use crate::bindings::criteria::exports::laurel::plugin::criteria::{
    Award, Change, Decision, Outcome, Points, Problem, Progress, Requirement,
};

/// The kind of the wake-up event that a fold asked for.
pub const WAKE: &str = "laurel:wake";

/// Implemented by plugins registered with `register!(… : criteria)`; every [`Fold`] is one.
pub trait Criteria {
    /// Judges settings (JSON): what an earner must do, or every problem found.
    fn check(settings: &str) -> Result<Vec<Requirement>, Vec<Problem>>;

    /// Folds events of one subject, in order. An error parks the rule for this subject. Use [`consume`] to stop where the
    /// contract says.
    fn evaluate(settings: &str, state: Option<&[u8]>, events: &[Event]) -> Result<Outcome, String>;
}

/// Criteria one event at a time. Settings are read and state is kept as JSON.
pub trait Fold {
    /// The rule's settings. The manifest's schema describes the same.
    type Settings: DeserializeOwned;

    /// What is remembered of a subject. Keep it small and bounded: it is stored after every event.
    type State: Default + Serialize + DeserializeOwned;

    /// What an earner must do, or what is wrong with settings that could be read.
    fn requirements(settings: &Self::Settings) -> Result<Vec<Requirement>, Vec<Problem>>;

    /// Takes in one event. Time is the event's: `event.received` is now, `event.time` is when it happened.
    fn fold(
        settings: &Self::Settings,
        state: &mut Self::State,
        event: &Event,
        verdict: &mut Verdict,
    ) -> Result<(), String>;

    /// How far the subject is.
    fn progress(settings: &Self::Settings, state: &Self::State) -> Vec<Progress> {
        let _ = (settings, state);
        Vec::new()
    }
}

/// What a [`Fold`] decides.
#[derive(Debug, Default)]
pub struct Verdict {
    decisions: Vec<Decision>,
    wake: Option<i64>,
}

impl Verdict {
    /// Gives the achievement. The same key again changes nothing.
    pub fn award(&mut self, key: impl Into<String>) {
        self.award_with(key, "{}");
    }

    /// The same, saying more: `details` is a JSON object with `narrative`, `evidence`, `results` and so on (see [`Award`]).
    pub fn award_with(&mut self, key: impl Into<String>, details: impl Into<String>) {
        self.decide(Decision::Award(Award { key: key.into(), valid_until: None, details: details.into() }));
    }

    /// Engagement points. The same key again replaces the amount.
    pub fn points(&mut self, key: impl Into<String>, amount: i64, reason: impl Into<String>) {
        self.decide(Decision::Points(Points { key: key.into(), amount, reason: reason.into() }));
    }

    /// Takes the award with this key back, for ever.
    pub fn revoke(&mut self, key: impl Into<String>, reason: impl Into<String>) {
        self.decide(Decision::Revoke(Change { key: key.into(), reason: reason.into() }));
    }

    /// Any decision, for what has no method here.
    pub fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    /// Asks for a [`WAKE`] event at this time (ms); replaces the one asked for before.
    pub fn wake_at(&mut self, time: i64) {
        self.wake = Some(time);
    }

    /// The wake-up asked for is not needed any more.
    pub fn do_not_wake(&mut self) {
        self.wake = None;
    }
}

/// State as [`Fold`] plugins keep it: the wake-up outlives the call that asked for it.
#[derive(Serialize, Deserialize, Default)]
struct Kept<S> {
    state: S,
    wake: Option<i64>,
}

impl<T: Fold> Criteria for T {
    fn check(settings: &str) -> Result<Vec<Requirement>, Vec<Problem>> {
        match serde_json::from_str::<T::Settings>(settings) {
            Ok(settings) => T::requirements(&settings),
            Err(error) => Err(vec![Problem { pointer: String::new(), message: error.to_string() }]),
        }
    }

    fn evaluate(settings: &str, state: Option<&[u8]>, events: &[Event]) -> Result<Outcome, String> {
        let settings: T::Settings = serde_json::from_str(settings).map_err(|error| format!("settings: {error}"))?;
        let mut kept: Kept<T::State> = match state {
            Some(bytes) => serde_json::from_slice(bytes).map_err(|error| format!("state: {error}"))?,
            None => Kept::default(),
        };
        let mut verdict = Verdict { decisions: Vec::new(), wake: kept.wake };
        let consumed = consume(events, |event| {
            if event.is_wake() {
                verdict.wake = None;
            }
            T::fold(&settings, &mut kept.state, event, &mut verdict)?;
            Ok(Folded { wake: verdict.wake, decided: !verdict.decisions.is_empty() })
        })?;
        kept.wake = verdict.wake;
        Ok(Outcome {
            state: serde_json::to_vec(&kept).map_err(|error| format!("state: {error}"))?,
            consumed,
            decisions: verdict.decisions,
            progress: T::progress(&settings, &kept.state),
            wake: kept.wake,
        })
    }
}

/// How things stand after one event of [`consume`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Folded {
    /// The wake-up in force.
    pub wake: Option<i64>,
    /// Whether there are decisions.
    pub decided: bool,
}

/// Folds `events` and returns how many were taken: all, or those up to the first decision, or before the next wake-up.
///
/// An event that decides is the last of its call: the host takes the last one for the cause of the decisions. An event received at
/// or after the wake-up in force is left for the next call, because the wake-up comes first; so is a wake-up further down the list,
/// which an event before it may have replaced. With that, how the host cuts the events into batches cannot change a result.
pub fn consume(events: &[Event], mut fold: impl FnMut(&Event) -> Result<Folded, String>) -> Result<u32, String> {
    let mut before = Folded::default();
    for (index, event) in events.iter().enumerate() {
        let due = before.wake.is_some_and(|wake| event.received >= wake);
        if index > 0 && (due || event.is_wake() || before.decided) {
            return Ok(u32::try_from(index).unwrap_or(u32::MAX));
        }
        before = fold(event)?;
    }
    Ok(u32::try_from(events.len()).unwrap_or(u32::MAX))
}

impl Event {
    /// Whether this is the wake-up that the fold asked for.
    pub fn is_wake(&self) -> bool {
        self.kind == WAKE
    }
}

impl Requirement {
    /// A requirement; `id` is stable for given settings and unique in them.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into() }
    }
}

impl Problem {
    /// A problem at a JSON pointer (RFC 6901; empty for the whole document).
    pub fn at(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::event;

    struct Counter;

    #[derive(Deserialize)]
    struct Settings {
        target: u32,
    }

    impl Fold for Counter {
        type Settings = Settings;
        type State = u32;

        fn requirements(settings: &Settings) -> Result<Vec<Requirement>, Vec<Problem>> {
            match settings.target {
                0 => Err(vec![Problem::at("/target", "must be at least 1")]),
                target => Ok(vec![Requirement::new("count", format!("{target} events"))]),
            }
        }

        fn fold(settings: &Settings, state: &mut u32, event: &Event, verdict: &mut Verdict) -> Result<(), String> {
            if event.is_wake() {
                *state = 0;
                return Ok(());
            }
            *state += 1;
            verdict.wake_at(event.received + 10);
            if *state == settings.target {
                verdict.award("once");
            }
            Ok(())
        }
    }

    #[test]
    fn settings_are_judged() {
        assert_eq!(Counter::check(r#"{"target": 2}"#).unwrap()[0].text, "2 events");
        assert_eq!(Counter::check(r#"{"target": 0}"#).unwrap_err()[0].pointer, "/target");
        assert!(Counter::check("{}").unwrap_err()[0].message.contains("missing field `target`"));
    }

    #[test]
    fn a_fold_stops_before_its_wake_up() {
        let settings = r#"{"target": 2}"#;
        let events = [event("a", 0), event("a", 5), event("a", 15)];
        let outcome = Counter::evaluate(settings, None, &events).unwrap();
        assert_eq!((outcome.consumed, outcome.wake, outcome.decisions.len()), (2, Some(15), 1));
        let woken = Counter::evaluate(settings, Some(&outcome.state), &[event(WAKE, 15), event("a", 15)]).unwrap();
        assert_eq!((woken.consumed, woken.wake), (2, Some(25)));
        assert!(woken.decisions.is_empty(), "the wake-up has begun a new count");
    }

    #[test]
    fn an_event_that_decides_is_the_last_of_its_call() {
        let events = [event("a.b", 1), event("a.b", 2), event("a.b", 3)];
        let outcome = Counter::evaluate(r#"{"target": 2}"#, None, &events).unwrap();
        assert_eq!((outcome.consumed, outcome.decisions.len()), (2, 1));
    }

    #[test]
    fn a_wake_up_further_down_is_left_to_the_host() {
        let events = [event("a", 0), event(WAKE, 3)];
        assert_eq!(Counter::evaluate(r#"{"target": 9}"#, None, &events).unwrap().consumed, 1);
    }

    #[test]
    fn broken_state_is_an_error_not_a_panic() {
        assert!(Counter::evaluate(r#"{"target": 9}"#, Some(b"junk"), &[event("a", 0)]).unwrap_err().contains("state"));
    }
}
