//! Wakes the background workers of this process.

use std::time::Duration;

use laurel_core::bell::{Bell, Work};
use tokio::sync::watch;

/// One bell for each kind of work. Every listener hears every ring; rings that follow each other before a listener looks count as one.
#[derive(Debug)]
pub(crate) struct Bells {
    events: watch::Sender<()>,
    awards: watch::Sender<()>,
    outbox: watch::Sender<()>,
    statuses: watch::Sender<()>,
    rules: watch::Sender<()>,
}

/// Hears the rings for one kind of work. A ring while nobody waits is kept.
#[derive(Clone, Debug)]
pub(crate) struct Listener(watch::Receiver<()>);

impl Bells {
    pub(crate) fn new() -> Self {
        let sender = || watch::Sender::new(());
        Self { events: sender(), awards: sender(), outbox: sender(), statuses: sender(), rules: sender() }
    }

    pub(crate) fn listener(&self, work: Work) -> Listener {
        Listener(self.sender(work).subscribe())
    }

    fn sender(&self, work: Work) -> &watch::Sender<()> {
        match work {
            Work::Events => &self.events,
            Work::Awards => &self.awards,
            Work::Outbox => &self.outbox,
            Work::Statuses => &self.statuses,
            Work::Rules => &self.rules,
        }
    }
}

impl Bell for Bells {
    fn ring(&self, work: Work) {
        self.sender(work).send_replace(());
    }
}

impl Listener {
    /// Returns at the next ring, but not later than after `at_most`.
    pub(crate) async fn wait(&mut self, at_most: Duration) {
        // Without a bell left to ring, the process is ending: then only time passes here.
        let _ = tokio::time::timeout(at_most, async {
            if self.0.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_ring_before_the_wait_is_kept_and_others_do_not_disturb() {
        let bells = Bells::new();
        let mut events = bells.listener(Work::Events);
        let mut awards = bells.listener(Work::Awards);
        bells.ring(Work::Events);
        bells.ring(Work::Events);
        let long = Duration::from_mins(1);
        tokio::time::timeout(Duration::from_secs(5), events.wait(long)).await.expect("the ring was kept");
        let short = Duration::from_millis(1);
        events.wait(short).await;
        awards.wait(short).await;
    }
}
