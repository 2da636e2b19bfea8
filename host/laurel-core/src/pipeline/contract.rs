//! What the host holds a criteria plugin to beyond the types of its answer. Whatever passes can be stored by every database and written
//! into a credential; what does not parks its rule for its subject, and nobody else notices.

use crate::plugins::{Change, Decision, Outcome, Points};
use crate::text::readable;
use crate::time::Timestamp;

/// Bytes of a key: it stands in an index.
const MAX_KEY: usize = 255;

/// Characters of a reason; what is longer is cut, because the decision counts more than its words.
const MAX_REASON: usize = 1000;

/// Points of one decision, either way: billions of them can be added up.
const MAX_POINTS: i64 = 1_000_000_000;

/// The largest number of a progress, either way: every reader of JSON can tell it from its neighbours.
const MAX_PROGRESS: f64 = 1e15;

/// The outcome as the host takes it over, `at` being the moment of its decisions; or what is wrong with it.
pub(super) fn hold(mut outcome: Outcome, at: Timestamp) -> Result<Outcome, String> {
    outcome.wake = outcome.wake.map(|wake| next_wake(wake, at)).transpose()?;
    for progress in &outcome.progress {
        if ![progress.current, progress.target].iter().all(|number| number.abs() <= MAX_PROGRESS) {
            let named = readable(&progress.requirement, MAX_KEY);
            return Err(format!("its progress with {named:?} is no number from -{MAX_PROGRESS:e} to {MAX_PROGRESS:e}"));
        }
    }
    outcome.decisions = outcome.decisions.into_iter().map(|each| decision(each, at)).collect::<Result<_, _>>()?;
    Ok(outcome)
}

/// A wake-up in the past is one for now: when it fires must not depend on whether an event arrives first.
fn next_wake(wake: Timestamp, at: Timestamp) -> Result<Timestamp, String> {
    if wake >= Timestamp::YEAR_10000 {
        return Err("it asks to be woken after the year 9999".to_owned());
    }
    Ok(wake.max(at))
}

fn decision(decision: Decision, at: Timestamp) -> Result<Decision, String> {
    key(decision.key())?;
    Ok(match decision {
        Decision::Award(award) => {
            if let Some(until) = award.valid_until {
                validity(until, at)?;
            }
            Decision::Award(award)
        }
        Decision::Revoke(change) => Decision::Revoke(worded(change)),
        Decision::Suspend(change) => Decision::Suspend(worded(change)),
        Decision::Reinstate(change) => Decision::Reinstate(worded(change)),
        Decision::Points(points) if points.amount.unsigned_abs() > MAX_POINTS.unsigned_abs() => {
            return Err(format!("it gives {} points; from -{MAX_POINTS} to {MAX_POINTS} are taken", points.amount));
        }
        Decision::Points(points) => Decision::Points(Points { reason: readable(&points.reason, MAX_REASON), ..points }),
    })
}

fn key(key: &str) -> Result<(), String> {
    if key.is_empty() || key.len() > MAX_KEY || key.chars().any(char::is_control) {
        let shown = readable(key, 40);
        return Err(format!(
            "it decides about the key {shown:?}; a key has 1 to {MAX_KEY} bytes and no control characters"
        ));
    }
    Ok(())
}

fn validity(until: Timestamp, at: Timestamp) -> Result<(), String> {
    if until <= at {
        return Err(format!("it gives an award at {at} that was valid until {until}"));
    }
    if until >= Timestamp::YEAR_10000 {
        return Err("it gives an award that is valid beyond the year 9999".to_owned());
    }
    Ok(())
}

fn worded(change: Change) -> Change {
    Change { reason: readable(&change.reason, MAX_REASON), ..change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugins::{Award, Progress};

    const NOW: Timestamp = Timestamp(1_772_000_000_000);

    fn outcome(decision: Decision) -> Outcome {
        Outcome { state: Vec::new(), consumed: 1, decisions: vec![decision], progress: Vec::new(), wake: None }
    }

    fn award(key: &str, valid_until: Option<i64>) -> Decision {
        let valid_until = valid_until.map(Timestamp);
        Decision::Award(Award { key: key.to_owned(), valid_until, details: "{}".into() })
    }

    fn points(amount: i64, reason: &str) -> Decision {
        Decision::Points(Points { key: "k".into(), amount, reason: reason.into() })
    }

    #[test]
    fn what_can_be_stored_and_composed_is_taken() {
        let longest = "k".repeat(MAX_KEY);
        let last = Timestamp::YEAR_10000.0 - 1;
        for fine in
            [award(&longest, None), award("Ünï 1", Some(NOW.0 + 1)), award("k", Some(last)), points(-1_000_000_000, "")]
        {
            assert_eq!(hold(outcome(fine.clone()), NOW).unwrap().decisions, [fine]);
        }
    }

    #[test]
    fn what_cannot_is_the_plugins_fault() {
        let control = Change { key: "a\0b".into(), reason: String::new() };
        let cases = [
            award("", None),
            award(&"k".repeat(MAX_KEY + 1), None),
            award("k", Some(NOW.0)),
            award("k", Some(i64::MIN)),
            award("k", Some(Timestamp::YEAR_10000.0)),
            Decision::Revoke(control.clone()),
            Decision::Suspend(control.clone()),
            Decision::Reinstate(control),
            points(1_000_000_001, ""),
            points(i64::MIN, ""),
        ];
        for case in cases {
            assert!(hold(outcome(case.clone()), NOW).is_err(), "{case:?}");
        }
        for number in [f64::NAN, f64::INFINITY, -1e16] {
            let progress = vec![Progress { requirement: "r".into(), current: 0.0, target: number }];
            assert!(hold(Outcome { progress, ..outcome(points(1, "")) }, NOW).is_err(), "{number}");
        }
    }

    #[test]
    fn words_are_made_storable() {
        let held = hold(outcome(points(1, "so\0 much")), NOW).unwrap();
        assert_eq!(held.decisions, [points(1, "so\u{FFFD} much")]);
        let change = Change { key: "k".into(), reason: "x".repeat(5000) };
        let held = hold(outcome(Decision::Revoke(change)), NOW).unwrap();
        assert!(matches!(&held.decisions[0], Decision::Revoke(change) if change.reason.chars().count() == MAX_REASON));
    }

    #[test]
    fn a_wake_up_in_the_past_is_one_for_now() {
        let wake =
            |at: i64| hold(Outcome { wake: Some(Timestamp(at)), ..outcome(points(1, "")) }, NOW).map(|held| held.wake);
        assert_eq!(wake(i64::MIN), Ok(Some(NOW)));
        assert_eq!(wake(NOW.0 + 5), Ok(Some(Timestamp(NOW.0 + 5))));
        assert!(wake(Timestamp::YEAR_10000.0).is_err());
    }
}
