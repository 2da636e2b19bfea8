//! Lets awards re-enter the log as events.

use std::time::Duration;

use laurel_core::outbox;

use super::Context;
use super::patience::Patience;

/// One row costs as much to relay as many: so long it waits for others. Nobody waits for it but a rule that asks for badges held.
const GATHER: Duration = Duration::from_millis(20);

pub(super) async fn run(context: Context) {
    let mut rows = context.bells.outbox();
    let mut patience = Patience::new();
    let batch = context.config.workers.batch;
    while !context.stopping() {
        let partitions = context.held.borrow().partitions(0, 1);
        let wait = match outbox::relay(&context.house, partitions, batch).await {
            Ok(relayed) => {
                patience.reset();
                if relayed == batch {
                    continue;
                }
                context.poll()
            }
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "relaying awards into the log failed");
                patience.lose()
            }
        };
        let gathered = async {
            rows.wait(wait).await;
            tokio::time::sleep(GATHER).await;
        };
        tokio::select! {
            () = gathered => {}
            () = context.stopped() => {}
        }
    }
}
