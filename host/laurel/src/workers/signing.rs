//! Signs awards as soon as they are committed.

use laurel_core::bell::Work;
use laurel_core::credentials::SigningWorker;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Context;
use super::leases::Held;
use super::patience::Patience;

/// Starts the tasks: while one stores what it has signed, another one signs.
pub(super) fn start(context: &Context, held: &watch::Receiver<Held>, tasks: &mut JoinSet<()>) {
    let count = context.config.workers.signing();
    for index in 0..count {
        tasks.spawn(run(context.clone(), held.clone(), index, count));
    }
}

async fn run(context: Context, held: watch::Receiver<Held>, index: usize, count: usize) {
    let batch = context.config.workers.batch;
    let mut worker = SigningWorker::new(context.house.clone(), batch);
    let mut awards = context.bells.listener(Work::Awards);
    let mut patience = Patience::new();
    while !context.stopping() {
        let partitions = held.borrow().partitions(index, count);
        let wait = match worker.step(&partitions).await {
            Ok(signed) => {
                patience.reset();
                if signed == batch {
                    continue;
                }
                context.poll()
            }
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "signing failed");
                patience.lose()
            }
        };
        tokio::select! {
            () = awards.wait(wait) => {}
            () = context.stopped() => {}
        }
    }
}
