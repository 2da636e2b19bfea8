//! Publishes status lists: on a tick, or at once where the tick is 0.

use std::time::Duration;

use laurel_core::bell::Work;
use laurel_core::status;

use super::Context;
use super::patience::Patience;

pub(super) async fn run(context: Context) {
    let tick = Duration::from_millis(context.config.status.tick_millis);
    let mut changes = context.bells.listener(Work::Statuses);
    let mut patience = Patience::new();
    while !context.stopping() {
        let failed = match status::publish(&context.house).await {
            Ok(0) => None,
            Ok(_) => {
                patience.reset();
                continue;
            }
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "publishing status lists failed");
                Some(patience.lose())
            }
        };
        let pause = async {
            match failed {
                Some(wait) => tokio::time::sleep(wait).await,
                None if tick.is_zero() => changes.wait(context.poll()).await,
                None => tokio::time::sleep(tick).await,
            }
        };
        tokio::select! {
            () = pause => {}
            () = context.stopped() => {}
        }
    }
}
