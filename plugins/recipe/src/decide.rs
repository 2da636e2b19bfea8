//! From a fulfilled requirement to decisions: award, renew, suspend, reinstate, revoke.

use laurel_plugin::criteria::{Award, Change, Decision, Points as PointsDecision};
use laurel_plugin::json::Writer;
use laurel_plugin::time::{Date, year_start};

use crate::explain;
use crate::facts::Facts;
use crate::measure::read;
use crate::settings::{Extends, Maintain, Node, Plan, Points, RenewalRule};
use crate::state::{Standing, State};

/// How many years a yearly rule remembers to have awarded.
const YEARS: usize = 4;

/// Decides after a change, or when time has passed. `cause` is the time of the event that changed something.
pub(crate) fn decide(plan: &Plan<'_>, state: &mut State, now: i64, cause: Option<i64>, out: &mut Vec<Decision>) {
    if plan.yearly {
        return yearly(plan, state, cause, out);
    }
    if state.standing == Standing::Held && lapses_at(plan, state).is_some_and(|end| now >= end) {
        state.standing = Standing::Lapsed;
    }
    match state.standing {
        Standing::Never | Standing::Lapsed => {
            if fulfilled(plan, state, &plan.main) {
                let valid_until = plan.valid.map(|span| span.after(now));
                award(plan, state, valid_until, out);
            }
        }
        Standing::Held if plan.maintain != Maintain::None => {
            if !fulfilled(plan, state, &plan.main) {
                withdraw(plan, state, out);
            }
        }
        Standing::Held => renew(plan, state, now, out),
        Standing::Suspended => {
            if fulfilled(plan, state, &plan.main) {
                state.standing = Standing::Held;
                let reason = "the requirement is met again".into();
                out.push(Decision::Reinstate(Change { key: key(plan, state), reason }));
            }
        }
    }
}

/// Whether a tree is fulfilled as of the state's moment.
pub(crate) fn fulfilled(plan: &Plan<'_>, state: &State, tree: &Node<'_>) -> bool {
    fulfilled_at(plan, state, tree, state.as_of)
}

fn fulfilled_at(plan: &Plan<'_>, state: &State, tree: &Node<'_>, moment: i64) -> bool {
    tree.holds(&|index| read(&plan.leaves[index], &state.leaves[index], moment).met)
}

/// When a held award lapses: at its expiry, or when the time for late renewal is over too.
pub(crate) fn lapses_at(plan: &Plan<'_>, state: &State) -> Option<i64> {
    let expiry = state.valid_until?;
    let late = plan.renewal.as_ref().and_then(|renewal| renewal.late);
    Some(late.map_or(expiry, |late| late.after(expiry)))
}

fn key(plan: &Plan<'_>, state: &State) -> String {
    if plan.is_numbered() { state.awards.to_string() } else { "once".into() }
}

fn award(plan: &Plan<'_>, state: &mut State, valid_until: Option<i64>, out: &mut Vec<Decision>) {
    state.awards += 1;
    state.standing = Standing::Held;
    state.valid_until = valid_until;
    give(plan, state, state.as_of, (key(plan, state), valid_until), out);
    if plan.is_once() {
        for (leaf, memory) in plan.leaves.iter().zip(&mut state.leaves) {
            memory.last = read(leaf, memory, state.as_of).current;
            memory.samples.clear();
        }
    } else if plan.valid.is_some() {
        use_up(plan, state);
    }
}

/// The award of a key, valid until some time, for what is fulfilled as of a moment.
fn give(
    plan: &Plan<'_>,
    state: &State,
    moment: i64,
    (key, valid_until): (String, Option<i64>),
    out: &mut Vec<Decision>,
) {
    for points in &plan.points {
        if let Points::Award(amount) = points {
            let decision = PointsDecision { key: format!("award:{key}"), amount: *amount, reason: "award".into() };
            out.push(Decision::Points(decision));
        }
    }
    let mut details = Writer::new();
    details.text("narrative", &explain::narrative(plan));
    let results = results(plan, state, moment);
    if !results.is_empty() {
        details.raw("results", &format!("[{}]", results.join(",")));
    }
    out.push(Decision::Award(Award { key, valid_until, details: details.finish() }));
}

/// What was measured, of the leaves that report it and have reached their target.
fn results(plan: &Plan<'_>, state: &State, moment: i64) -> Vec<String> {
    let reported = plan.leaves.iter().zip(&state.leaves).filter_map(|(leaf, memory)| {
        let reading = read(leaf, memory, moment);
        let mut result = Writer::new();
        // Sums of decimal fractions end in a tail of noise.
        let value = (reading.current * 1e6).round() / 1e6;
        result.text("resultDescription", leaf.result?).text("value", &value.to_string());
        reading.met.then(|| result.finish())
    });
    reported.collect()
}

/// The next award takes events of its own; what stands (badges held, licences in force) stands.
fn use_up(plan: &Plan<'_>, state: &mut State) {
    for (leaf, memory) in plan.leaves.iter().zip(&mut state.leaves) {
        if !leaf.standing {
            memory.reset(state.as_of);
        }
    }
}

fn renew(plan: &Plan<'_>, state: &mut State, now: i64, out: &mut Vec<Decision>) {
    let (Some(renewal), Some(span), Some(expiry)) = (&plan.renewal, plan.valid, state.valid_until) else { return };
    let tree = match &renewal.rule {
        RenewalRule::Again => &plan.main,
        RenewalRule::Tree(tree) => tree,
    };
    if now >= renewal.opens.before(expiry) && fulfilled(plan, state, tree) {
        let from = if renewal.extends == Extends::FromExpiry { expiry } else { now };
        award(plan, state, Some(span.after(from)), out);
    }
}

/// The requirement is not met any more.
fn withdraw(plan: &Plan<'_>, state: &mut State, out: &mut Vec<Decision>) {
    let met = |index: usize| read(&plan.leaves[index], &state.leaves[index], state.as_of).met;
    let change = Change { key: key(plan, state), reason: explain::unmet(plan, &met) };
    if plan.maintain == Maintain::Suspend {
        state.standing = Standing::Suspended;
        out.push(Decision::Suspend(change));
    } else {
        state.standing = Standing::Lapsed;
        out.push(Decision::Revoke(change));
    }
}

/// An event that ends a held award. It has to be earned anew, by later events.
pub(crate) fn revoke_on(plan: &Plan<'_>, state: &mut State, facts: &Facts<'_>, out: &mut Vec<Decision>) {
    if matches!(state.standing, Standing::Held | Standing::Suspended) {
        let reason = facts.kind().to_owned();
        out.push(Decision::Revoke(Change { key: key(plan, state), reason }));
        state.standing = Standing::Lapsed;
        state.valid_until = None;
        use_up(plan, state);
    }
}

/// One award for each year in which the requirement was met, by the events known of that year.
fn yearly(plan: &Plan<'_>, state: &mut State, cause: Option<i64>, out: &mut Vec<Decision>) {
    let current = Date::of(state.as_of).year;
    let first = cause.map_or(current, |time| Date::of(time).year);
    for year in first.max(current - 1)..=current {
        let moment = state.as_of.min(year_start(year + 1) - 1);
        if !state.years.contains(&year) && fulfilled_at(plan, state, &plan.main, moment) {
            state.years.push(year);
            let surplus = state.years.len().saturating_sub(YEARS);
            state.years.drain(..surplus);
            state.awards += 1;
            give(plan, state, moment, (year.to_string(), None), out);
        }
    }
}
