//! Wakes the background workers of this process.

use std::time::Duration;

use laurel_core::bell::{Bell, Work};
use laurel_core::id::{PARTITIONS, Partition, Partitions};
use tokio::sync::watch;

/// How often each partition was rung for.
type Rings = [u32; PARTITIONS as usize];

/// One bell for each kind of work. Every listener hears every ring; rings that follow each other before a listener looks count as one.
#[derive(Debug)]
pub(crate) struct Bells {
    events: watch::Sender<Rings>,
    tray: watch::Sender<()>,
    awards: watch::Sender<()>,
    outbox: watch::Sender<()>,
    statuses: watch::Sender<()>,
    rules: watch::Sender<()>,
}

/// Hears the rings for one kind of work. A ring while nobody waits is kept.
#[derive(Clone, Debug)]
pub(crate) struct Listener(watch::Receiver<()>);

/// Hears of events. Rings between two waits are kept; those for other partitions than were asked for are forgotten at the next wait.
#[derive(Clone, Debug)]
pub(crate) struct EventListener {
    rings: watch::Receiver<Rings>,
    heard: Rings,
}

impl Bells {
    pub(crate) fn new() -> Self {
        let sender = || watch::Sender::new(());
        Self {
            events: watch::Sender::new([0; PARTITIONS as usize]),
            tray: sender(),
            awards: sender(),
            outbox: sender(),
            statuses: sender(),
            rules: sender(),
        }
    }

    pub(crate) fn events(&self) -> EventListener {
        EventListener { rings: self.events.subscribe(), heard: *self.events.borrow() }
    }

    pub(crate) fn tray(&self) -> Listener {
        Listener(self.tray.subscribe())
    }

    pub(crate) fn awards(&self) -> Listener {
        Listener(self.awards.subscribe())
    }

    pub(crate) fn outbox(&self) -> Listener {
        Listener(self.outbox.subscribe())
    }

    pub(crate) fn statuses(&self) -> Listener {
        Listener(self.statuses.subscribe())
    }

    pub(crate) fn rules(&self) -> Listener {
        Listener(self.rules.subscribe())
    }
}

impl Bell for Bells {
    fn ring(&self, work: Work) {
        match work {
            Work::Events(partitions) => self.events.send_modify(|rings| count(rings, partitions)),
            Work::Tray => self.tray.send_replace(()),
            Work::Awards => self.awards.send_replace(()),
            Work::Outbox => self.outbox.send_replace(()),
            Work::Statuses => self.statuses.send_replace(()),
            Work::Rules => self.rules.send_replace(()),
        }
    }
}

fn count(rings: &mut Rings, partitions: Partitions) {
    for (ring, _) in rings.iter_mut().zip(Partition::all()).filter(|(_, partition)| partitions.contains(*partition)) {
        *ring = ring.wrapping_add(1);
    }
}

impl Listener {
    /// Returns at the next ring.
    pub(crate) async fn rung(&mut self) {
        // Without a bell left to ring, the process is ending.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns at the next ring, but not later than after `at_most`.
    pub(crate) async fn wait(&mut self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.rung()).await;
    }
}

impl EventListener {
    /// Returns when one of these partitions is rung for, but not later than after `at_most`.
    pub(crate) async fn wait(&mut self, partitions: Partitions, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, async {
            while !self.hears(partitions) {
                if self.rings.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
        .await;
    }

    /// Whether one of these partitions was rung for since the last time.
    fn hears(&mut self, partitions: Partitions) -> bool {
        let rings = *self.rings.borrow_and_update();
        let heard = std::mem::replace(&mut self.heard, rings);
        let mut each = rings.iter().zip(&heard).zip(Partition::all());
        each.any(|((now, before), partition)| now != before && partitions.contains(partition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);
    const SHORT: Duration = Duration::from_millis(1);
    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_ring_before_the_wait_is_kept_and_others_do_not_disturb() {
        let bells = Bells::new();
        let (mut outbox, mut awards) = (bells.outbox(), bells.awards());
        bells.ring(Work::Outbox);
        bells.ring(Work::Outbox);
        tokio::time::timeout(PATIENCE, outbox.wait(LONG)).await.expect("the ring was kept");
        outbox.wait(SHORT).await;
        awards.wait(SHORT).await;
    }

    #[tokio::test]
    async fn events_of_others_wake_nobody() {
        let bells = Bells::new();
        let only = |number| -> Partitions { [Partition(number)].into_iter().collect() };
        let mut events = bells.events();
        bells.ring(Work::Events(only(7)));
        assert!(tokio::time::timeout(SHORT * 20, events.wait(only(8), LONG)).await.is_err());
        let wait = events.wait(only(8), LONG);
        bells.ring(Work::Events([Partition(7), Partition(8)].into_iter().collect()));
        tokio::time::timeout(PATIENCE, wait).await.expect("it was rung for");
        bells.ring(Work::Events(Partitions::ALL));
        tokio::time::timeout(PATIENCE, events.wait(only(63), LONG)).await.expect("the ring was kept");
    }
}
