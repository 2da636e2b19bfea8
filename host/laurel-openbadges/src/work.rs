//! What one job may cost as a whole, however many documents it takes in.

use std::cell::Cell;

use crate::Limits;
use crate::keys::JwsAlgorithm;

/// What it costs to try a key of this kind on a signature.
pub(crate) fn price_of(algorithm: JwsAlgorithm) -> usize {
    match algorithm {
        JwsAlgorithm::EdDsa => 100,
        JwsAlgorithm::Es256 | JwsAlgorithm::Es384 | JwsAlgorithm::Es512 => 250,
        // The largest keys that are read, of 8,192 bits.
        JwsAlgorithm::Rs256 => 500,
    }
}

/// Bytes that are parsed, written out or hashed in the time of one step.
const BYTES: usize = 256;

/// More work than [`Limits::steps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "everything presented together needs more than the {limit} steps of work that are allowed; present less at once"
)]
pub struct Exhausted {
    /// The limit in force.
    pub limit: usize,
}

/// The bounds of a job, and what is left of its steps.
///
/// A step is one statement looked at, a microsecond or two; what costs more is charged as so many steps.
#[derive(Debug)]
pub(crate) struct Work<'l> {
    pub(crate) limits: &'l Limits,
    left: Cell<usize>,
}

impl<'l> Work<'l> {
    /// A job that has spent nothing yet.
    pub(crate) fn within(limits: &'l Limits) -> Self {
        Self { limits, left: Cell::new(limits.steps) }
    }

    /// Pays for what is to be done next. Once something was too much, so is everything after it: the job ends quickly.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Exhausted> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or_default());
        left.map(drop).ok_or(Exhausted { limit: self.limits.steps })
    }

    /// Pays for going through so many bytes.
    pub(crate) fn spend_on_bytes(&self, bytes: usize) -> Result<(), Exhausted> {
        self.spend(1 + bytes / BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_too_much_once_ends_the_job() {
        let limits = Limits { steps: 10, ..Limits::default() };
        let work = Work::within(&limits);
        assert!(work.spend(6).is_ok() && work.spend_on_bytes(700).is_ok());
        assert_eq!(work.spend(2), Err(Exhausted { limit: 10 }));
        assert!(work.spend(1).is_err());
    }
}
