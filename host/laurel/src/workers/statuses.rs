//! Publishes status lists: on a tick, or at once where the tick is 0; what is urgent always at once.

use std::time::Duration;

use laurel_core::status::{Changed, Publisher};
use tokio::time::Instant;

use super::Context;
use super::patience::Patience;

/// How long an idle worker waits before it looks by itself for what is urgent: a list that could not be signed the first time.
const URGENT: Duration = Duration::from_secs(10);

pub(super) async fn run(context: Context) {
    let tick = Duration::from_millis(context.config.status.tick_millis);
    let mut changes = context.bells.statuses();
    let mut publisher = Publisher::new(context.house.clone());
    let mut patience = Patience::new();
    let mut due = Instant::now();
    while !context.stopping() {
        let is_due = Instant::now() >= due;
        let step = publisher.step(if is_due { Changed::Any } else { Changed::Urgent }).await;
        if is_due && step.is_ok() {
            due = Instant::now() + tick;
        }
        let pause = async {
            match step {
                Ok(_) => {
                    patience.reset();
                    let wait = due.saturating_duration_since(Instant::now()).min(URGENT);
                    changes.wait(if tick.is_zero() { context.poll() } else { wait }).await;
                }
                Err(error) => {
                    tracing::error!(%error, cause = ?std::error::Error::source(&error), "publishing status lists failed");
                    tokio::time::sleep(patience.lose()).await;
                }
            }
        };
        tokio::select! {
            () = pause => {}
            () = context.stopped() => {}
        }
    }
}
