//! Time is an event: wake-ups that are due while no event arrives.

use super::Effects;
use super::fold::fold;
use super::settle::Settling;
use super::step::{StepError, Stepped, Worker, resume};
use super::stop::Stopped;
use crate::events::{Lease, StoredState};

/// At most so many wake-ups a partition and step.
const AT_ONCE: usize = 256;

impl Worker {
    /// Fires the wake-ups that are due in partitions that have nothing else to fold. Call it after a step that found nothing.
    pub async fn wake(&mut self, leases: &mut [Lease]) -> Result<Stepped, StepError> {
        let mut stepped = Stepped::default();
        let partitions: Vec<_> = leases.iter().map(|lease| lease.partition).collect();
        match self.house.store.next_wake(&partitions).await? {
            Some(wake) if wake <= self.house.clock.now() => {}
            _ => return Ok(stepped),
        }
        for index in 0..leases.len() {
            let lease = leases[index];
            let due = self.house.store.due(&lease, AT_ONCE).await?.unwrap_or_default();
            if due.is_empty() {
                continue;
            }
            stepped.events += due.len();
            stepped.more = true;
            let effects = self.fire(&lease, due).await?;
            stepped.awards += self.commit(leases, &[lease.advance(lease.cursor)], effects).await?;
        }
        Ok(stepped)
    }

    async fn fire(&mut self, lease: &Lease, due: Vec<StoredState>) -> Result<Effects, StepError> {
        let mut effects = Effects::default();
        let mut folds = Vec::with_capacity(due.len());
        for stored in due {
            let (rule, subject, wake) = (stored.rule, stored.subject, stored.wake);
            let Some(active) = self.book.rule(rule) else { continue };
            let seq = stored.seq;
            let Some(mut folded) = resume(active, Some(stored)) else {
                effects.parked.push(Stopped::replaced(seq + 1).park(active, subject, lease.partition, &self.house));
                continue;
            };
            // Only this wake-up: the one it may ask for next comes back when it is due itself.
            let stopped = fold(self.criteria(active), &mut folded, &[], wake).err();
            folds.push(Settling { rule, subject, partition: lease.partition, folded, stopped });
        }
        self.settle(folds, &mut effects).await?;
        Ok(effects)
    }
}
