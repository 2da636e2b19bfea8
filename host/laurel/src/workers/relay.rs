//! Lets awards re-enter the log as events.

use laurel_core::bell::Work;
use laurel_core::outbox;
use tokio::sync::watch;

use super::Context;
use super::leases::Held;
use super::patience::Patience;

pub(super) async fn run(context: Context, held: watch::Receiver<Held>) {
    let mut rows = context.bells.listener(Work::Outbox);
    let mut patience = Patience::new();
    while !context.stopping() {
        let partitions = held.borrow().partitions(0, 1);
        let wait = match outbox::relay(&context.house, &partitions, context.config.workers.batch).await {
            Ok(0) => {
                patience.reset();
                context.poll()
            }
            Ok(_) => {
                patience.reset();
                continue;
            }
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "relaying awards into the log failed");
                patience.lose()
            }
        };
        tokio::select! {
            () = rows.wait(wait) => {}
            () = context.stopped() => {}
        }
    }
}
