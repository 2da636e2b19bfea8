//! The fold against criteria written in Rust: what is asked here is the host's half of the contract.

use async_trait::async_trait;
use proptest::prelude::*;
use std::sync::Arc;

use super::fold::{Criteria, Decided, FoldEvent, Folded, fold};
use super::stop::Trigger;
use crate::events::WAKE;
use crate::id::Partition;
use crate::plugins::{
    Award, CallContext, CallError, Checked, CriteriaEvent, Decision, Evaluated, HookRequest, LoadError, Manifest,
    Outcome, PluginDigest, Reception, Refusal, Sandbox,
};
use crate::time::Timestamp;

/// Criteria in Rust that keep their half of the contract: state is what they saw; every third sale is an award; each sale asks to be
/// woken an hour later, a `late` one an hour earlier; `restless` never has enough; `poison` fails, and a
/// `nightmare` when it is woken.
struct Sales;

const HOUR: i64 = 3_600_000;

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Seen {
    log: Vec<String>,
    sales: u32,
    wake: Option<i64>,
    restless: bool,
    asleep: bool,
}

impl Sales {
    fn fold(state: Option<&[u8]>, events: &[CriteriaEvent]) -> Result<Evaluated, CallError> {
        let mut seen: Seen = state.map_or_else(Seen::default, |state| serde_json::from_slice(state).unwrap());
        let mut decisions = Vec::new();
        let mut consumed = 0;
        for event in events {
            let due = seen.wake.is_some_and(|wake| event.kind.as_ref() != WAKE && event.received.0 >= wake);
            if due && consumed > 0 {
                break;
            }
            consumed += 1;
            if !seen.restless {
                seen.log.push(format!("{}@{}", event.id, event.received.0));
            }
            match event.kind.as_ref() {
                "poison" => return Err(CallError::Plugin("poison".into())),
                WAKE if seen.asleep => return Err(CallError::Plugin("nightmare".into())),
                WAKE => seen.wake = seen.wake.filter(|_| seen.restless),
                "nightmare" => (seen.asleep, seen.wake) = (true, Some(event.received.0 + HOUR)),
                "restless" => (seen.restless, seen.wake) = (true, Some(event.received.0)),
                kind => {
                    seen.sales += 1;
                    seen.asleep = false;
                    seen.wake = Some(event.received.0 + if kind == "late" { -HOUR } else { HOUR });
                    if seen.sales.is_multiple_of(3) {
                        let key = seen.sales.to_string();
                        decisions.push(Decision::Award(Award { key, valid_until: None, details: "{}".into() }));
                        break;
                    }
                }
            }
        }
        let wake = seen.wake.map(Timestamp);
        let state = serde_json::to_vec(&seen).unwrap();
        let outcome = Outcome { state, consumed, decisions, progress: Vec::new(), wake };
        Ok(Evaluated { outcome, fuel: 0 })
    }
}

#[async_trait]
impl Sandbox for Sales {
    async fn load(&self, _: &[u8]) -> Result<(PluginDigest, Manifest), LoadError> {
        Err(LoadError::NoManifest)
    }
    fn is_loaded(&self, _: PluginDigest) -> bool {
        true
    }
    fn check(&self, plugin: PluginDigest, _: &str) -> Result<Checked, CallError> {
        Err(CallError::NotLoaded(plugin))
    }
    fn evaluate(
        &self,
        _: PluginDigest,
        _: &str,
        state: Option<&[u8]>,
        events: &[CriteriaEvent],
    ) -> Result<Evaluated, CallError> {
        Self::fold(state, events)
    }
    async fn receive(
        &self,
        plugin: PluginDigest,
        _: &CallContext,
        _: &HookRequest,
    ) -> Result<Result<Reception, Refusal>, CallError> {
        Err(CallError::NotLoaded(plugin))
    }
}

fn event(seq: i64, received: i64, kind: &str) -> FoldEvent {
    let event = CriteriaEvent {
        id: Arc::from(seq.to_string()),
        source: Arc::from("test"),
        kind: Arc::from(kind),
        time: Timestamp(received),
        received: Timestamp(received),
        seq,
        data: Arc::from("{}"),
    };
    FoldEvent { partition: Partition(7), event, depth: 0 }
}

fn run(folded: &mut Folded, events: &[FoldEvent], until: Option<i64>) -> Result<(), (Option<Trigger>, i64)> {
    let criteria = Criteria { sandbox: &Sales, plugin: PluginDigest([0; 32]), settings: "{}" };
    fold(criteria, folded, events, until.map(Timestamp)).map_err(|stopped| (stopped.trigger, stopped.from))
}

fn log(folded: &Folded) -> Vec<String> {
    serde_json::from_slice::<Seen>(folded.state.as_deref().unwrap()).unwrap().log
}

#[test]
fn a_wake_up_fires_before_the_first_event_at_or_after_it() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(1, 10, "sale"), event(2, 10 + HOUR, "sale"), event(3, 20 + HOUR, "sale")], None).unwrap();
    assert_eq!(log(&folded), ["1@10", "3600010@3600010", "2@3600010", "3@3600020"]);
    assert_eq!(folded.wake, Some(Timestamp(20 + 2 * HOUR)));
    assert_eq!(folded.decisions.len(), 1);
    assert_eq!((folded.decisions[0].at, folded.decisions[0].seq), (Timestamp(20 + HOUR), 3));
}

#[test]
fn after_the_last_event_wake_ups_fire_only_until_they_are_due() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(1, 10, "sale")], Some(9 + HOUR)).unwrap();
    assert_eq!(log(&folded), ["1@10"]);
    run(&mut folded, &[], Some(10 + HOUR)).unwrap();
    assert_eq!(log(&folded), ["1@10", "3600010@3600010"]);
    assert_eq!(folded.wake, None);
}

#[test]
fn a_failing_event_is_found_and_everything_before_it_is_kept() {
    let mut folded = Folded::default();
    let events = [event(1, 1, "sale"), event(2, 2, "sale"), event(3, 3, "poison"), event(4, 4, "sale")];
    let poison = Trigger::Event { partition: Partition(7), seq: 3 };
    assert_eq!(run(&mut folded, &events, None), Err((Some(poison), 3)));
    assert_eq!(log(&folded), ["1@1", "2@2"]);
    assert_eq!(folded.seq, 2);
}

#[test]
fn a_rule_that_never_rests_is_stopped() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(1, 5, "restless")], None).unwrap();
    assert_eq!(run(&mut folded, &[], Some(5)), Err((Some(Trigger::Wake { at: Timestamp(5) }), 2)));
}

#[test]
fn a_wake_up_that_fails_is_not_the_next_events_fault() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(1, 10, "nightmare")], None).unwrap();
    let woken = Err((Some(Trigger::Wake { at: Timestamp(10 + HOUR) }), 2));
    assert_eq!(run(&mut folded.clone(), &[], Some(2 * HOUR)), woken);
    assert_eq!(run(&mut folded.clone(), &[event(5, 2 * HOUR, "sale")], None), woken);
    // Skipped, it does not fire, and the event is folded.
    folded.silenced = vec![Timestamp(10 + HOUR)];
    run(&mut folded, &[event(5, 2 * HOUR, "sale")], None).unwrap();
    assert_eq!(log(&folded), ["1@10", "5@7200000"]);
}

#[test]
fn a_wake_up_asked_for_in_the_past_fires_now() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(1, 2 * HOUR, "late"), event(2, 3 * HOUR, "sale")], None).unwrap();
    assert_eq!(log(&folded), ["1@7200000", "7200000@7200000", "2@10800000"]);
}

#[test]
fn histories_from_two_partitions_never_go_back() {
    let mut folded = Folded::default();
    run(&mut folded, &[event(900, 1, "sale"), event(3, 2, "sale"), event(4, 3, "sale")], None).unwrap();
    assert_eq!(folded.decisions[0].seq, 900);
}

proptest! {
    /// The same events in whatever batches: the same state, wake-up and decisions, each with the same cause.
    #[test]
    fn batching_changes_nothing(
        gaps in prop::collection::vec((0..2 * HOUR, prop::bool::ANY, prop::bool::ANY), 1..40),
        borders in prop::collection::vec(1..8_usize, 1..40),
    ) {
        let mut now = 0;
        let events: Vec<FoldEvent> = gaps.iter().zip(1..).map(|((gap, still, late), seq)| {
            now += if *still { 0 } else { *gap };
            event(seq, now, if *late { "late" } else { "sale" })
        }).collect();
        let mut whole = Folded::default();
        run(&mut whole, &events, Some(now)).unwrap();
        let mut pieces = Folded::default();
        let mut rest = &events[..];
        for border in borders.iter().cycle() {
            if rest.is_empty() { break; }
            let (batch, left) = rest.split_at((*border).min(rest.len()));
            run(&mut pieces, batch, None).unwrap();
            // Kept between two steps is what the database keeps, and there may be time to be woken before the next event.
            pieces = Folded { received: Timestamp::default(), progress: None, ..pieces };
            let idle = batch.last().filter(|_| border % 2 == 0 || left.is_empty()).map(|last| last.event.received.0);
            run(&mut pieces, &[], idle).unwrap();
            rest = left;
        }
        let causes = |folded: &Folded| folded.decisions.iter().map(cause).collect::<Vec<_>>();
        prop_assert_eq!(causes(&whole), causes(&pieces));
        prop_assert_eq!((whole.state, whole.wake, whole.seq), (pieces.state, pieces.wake, pieces.seq));
    }
}

fn cause(decided: &Decided) -> (Decision, Timestamp, i64) {
    (decided.decision.clone(), decided.at, decided.seq)
}
