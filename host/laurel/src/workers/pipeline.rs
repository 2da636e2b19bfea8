//! Folds events: each thread has a worker of the pipeline and the leases of its own partitions.

use std::collections::HashMap;
use std::io;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use laurel_core::events::Lease;
use laurel_core::id::{Partition, Partitions};
use laurel_core::pipeline::{StepError, Stepped, Worker};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::Context;
use super::leases::Held;
use super::patience::Patience;
use crate::adapters::EventListener;

/// How long a worker waits for another partition to catch up during a merge.
const MERGE: Duration = Duration::from_millis(5);
/// How often a worker that is rung again and again, and finds nothing for itself, looks for wake-ups that are due.
const WAKES: Duration = Duration::from_millis(25);

/// Starts the threads.
pub(super) fn start(context: &Context, runtime: &Handle) -> io::Result<Vec<JoinHandle<()>>> {
    let count = context.config.workers.pipeline();
    let spawn = |index| {
        let worker = Folding::new(context.clone(), index, count);
        let runtime = runtime.clone();
        // Evaluation computes: on a thread of its own it holds up neither requests nor its neighbours.
        thread::Builder::new().name(format!("pipeline-{index}")).spawn(move || runtime.block_on(worker.run()))
    };
    (0..count).map(spawn).collect()
}

/// One thread's part of the pipeline.
struct Folding {
    context: Context,
    worker: Worker,
    leases: Share,
    events: EventListener,
    /// When it last looked for wake-ups.
    looked: Instant,
}

impl Folding {
    fn new(context: Context, index: usize, count: usize) -> Self {
        let worker = Worker::new(context.house.clone(), context.config.workers.batch);
        let events = context.bells.events();
        let leases = Share { held: context.held.clone(), index, count, leases: Vec::new() };
        Self { context, worker, leases, events, looked: Instant::now() }
    }

    async fn run(mut self) {
        let mut patience = Patience::new();
        while !self.context.stopping() {
            self.leases.refresh();
            if self.leases.leases.is_empty() {
                self.leases.wait(self.context.poll()).await;
                continue;
            }
            match self.turn().await {
                Ok(stepped) => {
                    patience.reset();
                    self.pause(stepped).await;
                }
                Err(StepError::Fenced(lost)) => {
                    tracing::warn!(?lost, "leases were lost to another host");
                    self.leases.drop_lost(&lost);
                }
                Err(StepError::Overtaken) => {
                    tracing::warn!("a commit that was taken for lost did happen; going on behind it");
                }
                Err(StepError::Failed(error)) => {
                    tracing::error!(%error, cause = ?std::error::Error::source(&error), "a step of the pipeline failed");
                    tokio::time::sleep(patience.lose()).await;
                }
            }
        }
    }

    /// Folds what there is; now and then, when there is nothing, what is due.
    async fn turn(&mut self) -> Result<Stepped, StepError> {
        let stepped = self.worker.step(&mut self.leases.leases).await?;
        if stepped.events > 0 || stepped.waiting || self.looked.elapsed() < WAKES {
            return Ok(stepped);
        }
        self.looked = Instant::now();
        self.worker.wake(&mut self.leases.leases).await
    }

    async fn pause(&mut self, stepped: Stepped) {
        match stepped {
            Stepped { events: 1.., more: true, .. } => {}
            Stepped { waiting: true, .. } => tokio::time::sleep(MERGE).await,
            _ => tokio::select! {
                () = self.events.wait(self.leases.partitions(), self.context.poll()) => {}
                () = self.context.stopped() => {}
            },
        }
    }
}

/// The leases of one thread, with the cursors as this thread has moved them.
struct Share {
    held: watch::Receiver<Held>,
    index: usize,
    count: usize,
    leases: Vec<Lease>,
}

impl Share {
    /// Takes over what the last round of renewal found.
    fn refresh(&mut self) {
        if !self.held.has_changed().unwrap_or(false) {
            return;
        }
        let own: HashMap<Partition, Lease> = self.leases.drain(..).map(|lease| (lease.partition, lease)).collect();
        let held = self.held.borrow_and_update();
        self.leases =
            held.share(self.index, self.count).map(|lease| further(lease, own.get(&lease.partition))).collect();
    }

    fn partitions(&self) -> Partitions {
        self.leases.iter().map(|lease| lease.partition).collect()
    }

    /// These belong to somebody else. Should they come back, the next round of renewal says so.
    fn drop_lost(&mut self, lost: &[Partition]) {
        self.leases.retain(|lease| !lost.contains(&lease.partition));
    }

    async fn wait(&mut self, at_most: Duration) {
        // Looks only whether something changed: `refresh` takes it over.
        let mut held = self.held.clone();
        let _ = tokio::time::timeout(at_most, held.changed()).await;
    }
}

/// The renewed lease; with our own cursor where that is further on under the same epoch.
fn further(renewed: Lease, own: Option<&Lease>) -> Lease {
    match own {
        Some(own) if own.epoch == renewed.epoch => Lease { cursor: own.cursor.max(renewed.cursor), ..renewed },
        _ => renewed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_counts_only_under_its_own_epoch() {
        let lease = |epoch, cursor| Lease { partition: Partition(1), epoch, cursor };
        assert_eq!(further(lease(1, 5), Some(&lease(1, 9))), lease(1, 9));
        assert_eq!(further(lease(2, 5), Some(&lease(1, 9))), lease(2, 5));
        assert_eq!(further(lease(2, 5), None), lease(2, 5));
    }
}
