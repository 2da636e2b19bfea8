//! Signs awards as soon as they are committed.

use std::time::{Duration, Instant};

use laurel_core::credentials::SigningWorker;
use laurel_core::error::Error;
use laurel_core::id::Partitions;
use tokio::task::JoinSet;

use super::Context;
use super::patience::Patience;

/// How long a worker that finds nothing waits before it looks into the store. What is committed here lies in the tray, or the bell tells
/// of it; in the store waits besides what a process that died has left.
const LOOK: Duration = Duration::from_secs(1);
/// How long a worker that always finds something in the tray leaves the store alone.
const AT_LAST: Duration = Duration::from_secs(10);

/// Starts the tasks: while one stores what it has signed, another one signs.
pub(super) fn start(context: &Context, tasks: &mut JoinSet<()>) {
    let count = context.config.workers.signing();
    for index in 0..count {
        tasks.spawn(run(context.clone(), index, count));
    }
}

async fn run(context: Context, index: usize, count: usize) {
    let mut signing = Signing::new(&context);
    let (mut tray, mut awards) = (context.bells.tray(), context.bells.awards());
    let mut patience = Patience::new();
    while !context.stopping() {
        let partitions = context.held.borrow().partitions(index, count);
        let wait = match signing.turn(partitions).await {
            Ok(true) => {
                patience.reset();
                continue;
            }
            Ok(false) => signing.until_look(),
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "signing failed");
                patience.lose()
            }
        };
        tokio::select! {
            () = tray.rung() => {}
            () = awards.wait(wait) => signing.look = true,
            () = context.stopped() => {}
        }
    }
}

/// One task's part of the work.
struct Signing {
    worker: SigningWorker,
    /// Whether the store may hold awards that are not in the tray: what did not fit, could not be signed, or goes over to another key.
    look: bool,
    looked: Instant,
}

impl Signing {
    fn new(context: &Context) -> Self {
        let worker = SigningWorker::new(context.house.clone(), context.config.workers.batch);
        Self { worker, look: true, looked: Instant::now() }
    }

    fn until_look(&self) -> Duration {
        LOOK.saturating_sub(self.looked.elapsed())
    }

    /// Signs what there is; says whether there may be more. After a failure the store is looked into.
    async fn turn(&mut self, partitions: Partitions) -> Result<bool, Error> {
        let look = std::mem::replace(&mut self.look, true) || self.until_look().is_zero();
        let taken = self.worker.clear_tray().await?;
        let more = if taken == 0 && look || self.looked.elapsed() >= AT_LAST {
            self.looked = Instant::now();
            self.worker.step(partitions).await?
        } else {
            look
        };
        self.look = more;
        Ok(taken > 0 || more)
    }
}
