//! When time alone will change something: expiry, the opening of a renewal, facts leaving their window.

use crate::decide::lapses_at;
use crate::measure::read;
use crate::sample::Memory;
use crate::settings::{Leaf, Maintain, Measure, Plan};
use crate::state::{Standing, State};

/// The next wake-up, if one is needed.
pub(crate) fn wake(plan: &Plan<'_>, state: &State, now: i64) -> Option<i64> {
    if plan.yearly {
        return None;
    }
    let mut next = None;
    let mut at = |moment: Option<i64>| next = [next, moment].into_iter().flatten().min();
    let held = state.standing == Standing::Held;
    if held {
        at(lapses_at(plan, state));
        if let (Some(renewal), Some(expiry)) = (&plan.renewal, state.valid_until) {
            at(Some(renewal.opens.before(expiry)).filter(|opens| *opens > now));
        }
    }
    let done = held && plan.is_once();
    if !done && (plan.has_not || (held && plan.maintain != Maintain::None)) {
        for (leaf, memory) in plan.leaves.iter().zip(&state.leaves) {
            at(drops_at(leaf, memory, state.as_of));
        }
    }
    next
}

/// When a fulfilled leaf will not be any more if nothing else happens.
fn drops_at(leaf: &Leaf<'_>, memory: &Memory, moment: i64) -> Option<i64> {
    let window = leaf.window?;
    if !read(leaf, memory, moment).met {
        return None;
    }
    let inside: Vec<i64> = memory
        .samples
        .iter()
        .filter(|sample| sample.live)
        .map(|sample| window.leaves(sample.time))
        .filter(|leaves| *leaves > moment)
        .collect();
    if leaf.measure == Measure::Latest || memory.samples.iter().any(|sample| sample.value < 0.0) {
        // Leaving does not only make it smaller: look again at every one.
        return inside.first().copied();
    }
    let kept = inside.partition_point(|leaves| read(leaf, memory, *leaves).met);
    inside.get(kept).copied()
}
