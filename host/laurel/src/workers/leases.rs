//! This host's share of the log's partitions.

use std::sync::Arc;
use std::time::{Duration, Instant};

use laurel_core::events::Lease;
use laurel_core::id::Partitions;
use tokio::sync::watch;

use super::Context;
use super::patience::Patience;

/// Who holds the leases: a host's name, and which of its lives this is.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) node: String,
    pub(crate) life: i64,
}

/// What is held, and which round of renewal found it so.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) round: u64,
    pub(super) leases: Arc<[Lease]>,
}

impl Held {
    /// Whether the whole log is this host's: then there is no other host, or it came just now.
    pub(super) fn is_all(&self) -> bool {
        self.partitions(0, 1) == Partitions::ALL
    }

    /// The partitions that are worker `index`'s of `count`.
    pub(super) fn partitions(&self, index: usize, count: usize) -> Partitions {
        self.share(index, count).map(|lease| lease.partition).collect()
    }

    /// The leases that are worker `index`'s of `count`: a partition always goes to the same one.
    pub(super) fn share(&self, index: usize, count: usize) -> impl Iterator<Item = Lease> {
        let own = move |lease: &&Lease| usize::try_from(lease.partition.0).unwrap_or(0) % count == index;
        self.leases.iter().filter(own).copied()
    }
}

/// Gives everything back.
pub(super) async fn release(context: &Context, identity: &Identity) {
    if let Err(error) = context.house.store.release(&identity.node, identity.life).await {
        tracing::warn!(%error, "the leases were not given back; they will expire");
    }
}

/// Takes and renews leases until the host stops.
pub(super) async fn hold(context: Context, identity: Identity, held: watch::Sender<Held>) {
    let ttl = context.config.leases.ttl();
    let mut patience = Patience::new();
    let mut renewed = Instant::now();
    while !context.stopping() {
        let begun = Instant::now();
        let wait = match context.house.store.lease(&identity.node, identity.life, ttl).await {
            Ok(leases) => {
                patience.reset();
                renewed = begun;
                publish(&held, leases);
                ttl / 3
            }
            Err(error) => {
                tracing::error!(%error, "the leases could not be renewed");
                // Whoever has not renewed for so long has lost them to somebody else by now.
                if renewed.elapsed() > ttl {
                    publish(&held, Vec::new());
                }
                patience.lose().min(ttl / 3)
            }
        };
        rest(&context, wait).await;
    }
}

async fn rest(context: &Context, wait: Duration) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = context.stopped() => {}
    }
}

fn publish(held: &watch::Sender<Held>, leases: Vec<Lease>) {
    held.send_modify(|held| {
        if held.leases.len() != leases.len() {
            tracing::info!(partitions = leases.len(), before = held.leases.len(), "the share of the log changed");
        }
        held.round += 1;
        held.leases = leases.into();
    });
}

#[cfg(test)]
mod tests {
    use laurel_core::id::Partition;

    use super::*;

    #[test]
    fn every_lease_goes_to_one_worker() {
        let leases: Vec<Lease> = Partition::all().map(|partition| Lease { partition, epoch: 1, cursor: 0 }).collect();
        let held = Held { round: 1, leases: leases.into() };
        let shares: Vec<Partitions> = (0..3).map(|index| held.partitions(index, 3)).collect();
        for partition in Partition::all() {
            assert_eq!(shares.iter().filter(|share| share.contains(partition)).count(), 1);
        }
    }

    #[test]
    fn a_host_is_alone_when_it_holds_every_partition() {
        let leases: Vec<Lease> = Partition::all().map(|partition| Lease { partition, epoch: 1, cursor: 0 }).collect();
        assert!(Held { round: 1, leases: leases.clone().into() }.is_all());
        assert!(!Held { round: 1, leases: leases[1..].into() }.is_all());
        assert!(!Held::default().is_all());
    }
}
