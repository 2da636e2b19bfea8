//! One event after another into the state.

use laurel_plugin::Event;
use laurel_plugin::criteria::{Decision, Folded, Outcome, Points as PointsDecision, consume};
use laurel_plugin::time::{Date, year_start};

use crate::decide::decide;
use crate::facts::{Facts, Field};
use crate::hash::hash;
use crate::progress::progress;
use crate::sample::Sample;
use crate::settings::{Leaf, Maintain, Measure, Plan, Points};
use crate::state::{Standing, State};
use crate::wake::wake;

/// Longer ids of events stand in keys as their hash.
const LONG_ID: usize = 128;

/// Folds events of one subject.
pub(crate) fn evaluate(plan: &Plan<'_>, state: Option<&[u8]>, events: &[Event]) -> Result<Outcome, String> {
    let mut state = match state {
        Some(bytes) => State::decode(plan, bytes)?,
        None => State::new(plan),
    };
    let mut decisions = Vec::new();
    let consumed = consume(events, |event| {
        fold(plan, &mut state, event, &mut decisions)?;
        Ok(Folded { wake: state.wake, decided: !decisions.is_empty() })
    })?;
    let progress = progress(plan, &state);
    Ok(Outcome { state: state.encode(plan), consumed, decisions, progress, wake: state.wake })
}

fn fold(plan: &Plan<'_>, state: &mut State, event: &Event, out: &mut Vec<Decision>) -> Result<(), String> {
    if event.is_wake() {
        state.as_of = state.as_of.max(event.received);
        settle(plan, state, event.received, None, out);
        return Ok(());
    }
    if !plan.reads(&event.kind) {
        return Ok(());
    }
    let facts = Facts::read(event).map_err(|error| format!("event {}: {error}", event.id))?;
    let done = plan.is_once() && state.standing == Standing::Held;
    let mut touched = plan.revoke_on.as_ref().is_some_and(|revoke| revoke.matches(&facts));
    let revoked = touched;
    for (index, leaf) in plan.leaves.iter().enumerate() {
        let Some(sample) = sample(leaf, &facts) else { continue };
        touched = true;
        points(plan, index, &sample, event, out);
        if !done {
            state.leaves[index].add(leaf, sample, plan.compacts(leaf))?;
        }
    }
    if touched && !done {
        // What must be met now is judged as of now; what must have been met once, as of the latest event.
        let moment = if plan.maintain == Maintain::None { facts.time() } else { event.received };
        state.as_of = state.as_of.max(moment);
        if revoked {
            crate::decide::revoke_on(plan, state, &facts, out);
        }
        settle(plan, state, event.received, Some(facts.time()), out);
    }
    Ok(())
}

/// Decides, forgets what has left every window, and asks for the next wake-up.
fn settle(plan: &Plan<'_>, state: &mut State, now: i64, cause: Option<i64>, out: &mut Vec<Decision>) {
    decide(plan, state, now, cause, out);
    // Yearly awards may still be completed by an event of last year that arrives late.
    let horizon = if plan.yearly { year_start(Date::of(state.as_of).year - 1) } else { state.as_of };
    for (leaf, memory) in plan.leaves.iter().zip(&mut state.leaves) {
        memory.prune(leaf, horizon);
    }
    state.wake = wake(plan, state, now);
}

/// What the event means to a leaf: a fact, a retraction, or nothing.
fn sample(leaf: &Leaf<'_>, facts: &Facts<'_>) -> Option<Sample> {
    let retracted = leaf.retract.as_ref().is_some_and(|retract| retract.matches(facts));
    if !retracted && !leaf.events.matches(facts) {
        return None;
    }
    let value = match (leaf.measure, leaf.value) {
        (Measure::Sum | Measure::Max | Measure::Latest, Some(field)) if !retracted => facts.number(field)?,
        (Measure::Streak(unit), _) => facts.number(Field::Unit(unit))?,
        _ => 1.0,
    };
    let group = match leaf.per {
        Some(field) => hash(&[facts.text(field)?.as_bytes()]),
        None => 0,
    };
    let member = if leaf.identity.is_empty() { 0 } else { member(leaf, facts)? };
    Some(Sample { time: facts.time(), value, group, member, live: !retracted })
}

/// The identity's hash; `None` if the event says nothing of it.
fn member(leaf: &Leaf<'_>, facts: &Facts<'_>) -> Option<u64> {
    let parts: Vec<_> = leaf.identity.iter().map(|field| facts.text(*field)).collect();
    if parts.iter().all(Option::is_none) {
        return None;
    }
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.as_deref().unwrap_or_default().as_bytes()).collect();
    Some(hash(&bytes))
}

/// Points for a fact; none any more when it is retracted. The key is the fact's, so that its repetition changes nothing.
fn points(plan: &Plan<'_>, index: usize, sample: &Sample, event: &Event, out: &mut Vec<Decision>) {
    for points in &plan.points {
        let Points::Event { leaf, amount } = points else { continue };
        if *leaf == index {
            let id = &plan.leaves[index].id;
            let key = match sample.member {
                // A key has at most 255 bytes; an event's id may have more.
                0 if event.id.len() > LONG_ID => format!("{id}:{:016x}", hash(&[event.id.as_bytes()])),
                0 => format!("{id}:{}", event.id),
                member => format!("{id}:{member:016x}"),
            };
            let amount = if sample.live { *amount } else { 0 };
            out.push(Decision::Points(PointsDecision { key, amount, reason: event.kind.clone() }));
        }
    }
}

impl Plan<'_> {
    /// Whether an event of this kind can matter.
    fn reads(&self, kind: &str) -> bool {
        let of = |leaf: &Leaf<'_>| {
            leaf.events.is_kind(kind) || leaf.retract.as_ref().is_some_and(|retract| retract.is_kind(kind))
        };
        self.leaves.iter().any(of) || self.revoke_on.as_ref().is_some_and(|revoke| revoke.is_kind(kind))
    }

    /// Whether a leaf may forget facts that cannot decide any more.
    fn compacts(&self, leaf: &Leaf<'_>) -> bool {
        let simple = leaf.retract.is_none() && leaf.per.is_none() && leaf.each_year.is_none();
        simple && !(self.yearly && leaf.window.is_some())
    }
}
