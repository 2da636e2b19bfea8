//! From what is remembered to a number, and from numbers to a verdict on the trees.

use std::collections::BTreeMap;

use laurel_plugin::time::plus_months;

use crate::sample::{Memory, Sample};
use crate::settings::{Leaf, Measure, Node};

/// What a leaf measures at some moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// Of the best group; where several groups are needed, how many have reached the target.
    pub(crate) current: f64,
    pub(crate) met: bool,
}

/// Reads a leaf as of a moment: facts of later times are not seen, nor those that have left the window.
pub(crate) fn read(leaf: &Leaf<'_>, memory: &Memory, moment: i64) -> Reading {
    let within = |sample: &&Sample| {
        sample.live && sample.time <= moment && leaf.window.is_none_or(|window| window.leaves(sample.time) > moment)
    };
    if leaf.is_total() {
        // A running total has no times left; it holds what arrived.
        return groups(leaf, memory.samples.iter().filter(|sample| sample.live));
    }
    let mut reading = groups(leaf, memory.samples.iter().filter(within));
    if let (Some(least), Some(years)) = (leaf.each_year, leaf.window.and_then(crate::window::Window::years)) {
        let full = |year: i64| {
            let (from, to) = (plus_months(moment, -12 * (year + 1)), plus_months(moment, -12 * year));
            let of_year = |sample: &&Sample| within(sample) && sample.time > from && sample.time <= to;
            aggregate(leaf.measure, memory.samples.iter().filter(of_year)) >= least
        };
        reading.met &= (0..years).all(full);
    }
    reading
}

fn groups<'m>(leaf: &Leaf<'_>, samples: impl Iterator<Item = &'m Sample>) -> Reading {
    if leaf.per.is_none() {
        let current = aggregate(leaf.measure, samples);
        return Reading { current, met: current >= leaf.target };
    }
    let mut apart: BTreeMap<u64, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        apart.entry(sample.group).or_default().push(sample);
    }
    let values = apart.values().map(|group| aggregate(leaf.measure, group.iter().copied()));
    let (current, met) = values
        .fold((0.0, 0_usize), |(best, met), value| (f64::max(best, value), met + usize::from(value >= leaf.target)));
    #[expect(clippy::cast_precision_loss, reason = "at most 4096 groups")]
    let current = if leaf.groups > 1 { met as f64 } else { current };
    Reading { current, met: met >= leaf.groups }
}

/// Samples come sorted by time.
fn aggregate<'m>(measure: Measure, samples: impl Iterator<Item = &'m Sample>) -> f64 {
    match measure {
        // A running total has its count as value; any other fact counts one.
        Measure::Count | Measure::Sum | Measure::Distinct => samples.fold(0.0, |sum, sample| sum + sample.value),
        Measure::Max => samples.map(|sample| sample.value).fold(0.0, f64::max),
        Measure::Latest => samples.last().map_or(0.0, |sample| sample.value),
        Measure::Streak(_) => longest_run(samples),
    }
}

/// Each sample's value is the number of its unit.
fn longest_run<'m>(samples: impl Iterator<Item = &'m Sample>) -> f64 {
    let (mut longest, mut run, mut before) = (0.0_f64, 0.0, f64::NAN);
    for sample in samples {
        run = if (sample.value - before - 1.0).abs() < 0.5 { run + 1.0 } else { 1.0 };
        before = sample.value;
        longest = longest.max(run);
    }
    longest
}

impl Node<'_> {
    /// Whether the tree is fulfilled, given which leaves are.
    pub(crate) fn holds(&self, met: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Leaf(index) => met(*index),
            Self::Not(node) => !node.holds(met),
            Self::Group { need, .. } => self.fulfilled(met) >= *need,
        }
    }

    /// How many children of a group are.
    pub(crate) fn fulfilled(&self, met: &impl Fn(usize) -> bool) -> usize {
        match self {
            Self::Group { children, .. } => children.iter().filter(|child| child.holds(met)).count(),
            node => usize::from(node.holds(met)),
        }
    }

    /// Calls for each leaf of the tree.
    pub(crate) fn each_leaf(&self, call: &mut impl FnMut(usize)) {
        match self {
            Self::Leaf(index) => call(*index),
            Self::Not(node) => node.each_leaf(call),
            Self::Group { children, .. } => {
                for child in children {
                    child.each_leaf(call);
                }
            }
        }
    }
}
