//! What a leaf remembers: one sample for each fact, bounded and sorted by time.

use crate::settings::{Leaf, Measure};

/// The most samples one leaf keeps.
const MOST: usize = 4096;

/// One fact, or what is left of one that was retracted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    pub(crate) time: i64,
    pub(crate) value: f64,
    /// Hash of the group; 0 without groups.
    pub(crate) group: u64,
    /// Hash of the identity; 0 without identity.
    pub(crate) member: u64,
    /// A retracted fact stays as a mark, so that its assertion arriving late does not revive it.
    pub(crate) live: bool,
}

/// The memory of one leaf.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Memory {
    /// Facts up to here were used up by an award.
    pub(crate) since: i64,
    /// Sorted by time, then by arrival.
    pub(crate) samples: Vec<Sample>,
    /// The last reading, when nothing more is remembered.
    pub(crate) last: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { since: i64::MIN, samples: Vec::new(), last: 0.0 }
    }
}

impl Memory {
    /// Takes in a fact or a retraction. Returns an error where the memory would grow beyond its bound.
    pub(crate) fn add(&mut self, leaf: &Leaf<'_>, sample: Sample, compact: bool) -> Result<(), String> {
        if sample.time <= self.since {
            return Ok(());
        }
        if sample.member != 0 {
            self.replace(sample);
        } else if leaf.is_total() {
            self.accumulate(sample);
        } else {
            self.insert(sample);
        }
        match leaf.measure {
            Measure::Latest | Measure::Max if leaf.identity.is_empty() && (compact || leaf.window.is_none()) => {
                self.keep_best(leaf.measure);
            }
            Measure::Count | Measure::Distinct if compact => self.keep_newest(leaf.target),
            _ => {}
        }
        if self.samples.len() > MOST {
            return Err(format!(
                "requirement `{}` would have to remember more than {MOST} events of this subject: give it a shorter \
                 `within`, or measure something coarser",
                leaf.id
            ));
        }
        Ok(())
    }

    fn insert(&mut self, sample: Sample) {
        let at = self.samples.partition_point(|other| other.time <= sample.time);
        self.samples.insert(at, sample);
    }

    /// Of two statements about the same fact the one of the later time holds; of the same time, the one that came later.
    fn replace(&mut self, sample: Sample) {
        let same = |other: &Sample| other.member == sample.member && other.group == sample.group;
        if let Some(at) = self.samples.iter().position(same) {
            if self.samples[at].time > sample.time {
                return;
            }
            self.samples.remove(at);
        }
        self.insert(sample);
    }

    fn accumulate(&mut self, sample: Sample) {
        match self.samples.iter_mut().find(|other| other.group == sample.group) {
            Some(total) => total.value += sample.value,
            None => self.insert(sample),
        }
    }

    /// Of each group, only what can still be the latest or the greatest: everything older and not greater is dominated.
    fn keep_best(&mut self, measure: Measure) {
        let mut kept: Vec<Sample> = Vec::with_capacity(self.samples.len());
        for sample in self.samples.drain(..).rev() {
            let dominated = |newer: &Sample| {
                newer.group == sample.group && (measure == Measure::Latest || newer.value >= sample.value)
            };
            if !kept.iter().any(dominated) {
                kept.push(sample);
            }
        }
        kept.reverse();
        self.samples = kept;
    }

    /// Where nothing is retracted, the newest facts up to the target decide.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive target; more than MOST is refused"
    )]
    fn keep_newest(&mut self, target: f64) {
        let surplus = self.samples.len().saturating_sub(target.ceil() as usize);
        self.samples.drain(..surplus);
    }

    /// Forgets what no window will look at again.
    pub(crate) fn prune(&mut self, leaf: &Leaf<'_>, horizon: i64) {
        if let Some(window) = leaf.window {
            let gone = self.samples.partition_point(|sample| window.leaves(sample.time) <= horizon);
            self.samples.drain(..gone);
        }
    }

    /// Forgets what an award used up.
    pub(crate) fn reset(&mut self, since: i64) {
        self.since = since;
        self.samples.retain(|sample| sample.time > since);
    }
}
