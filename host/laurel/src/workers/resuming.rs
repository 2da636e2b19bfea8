//! Lets rules that work again fold what they missed: when one is activated, and now and then, whatever happened meanwhile.

use std::time::Duration;

use laurel_core::events;

use super::Context;
use super::patience::Patience;

/// How often it looks by itself: a step that was under way while its rule came back to work may park a subject afterwards, and another
/// host's bell is not heard here.
const LOOKS: Duration = Duration::from_secs(1);

pub(super) async fn run(context: Context) {
    let mut changes = context.bells.rules();
    let mut patience = Patience::new();
    while !context.stopping() {
        let failed = match events::resume(&context.house).await {
            Ok(0) => {
                patience.reset();
                None
            }
            Ok(_) => {
                patience.reset();
                continue;
            }
            Err(error) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "resuming rules failed");
                Some(patience.lose())
            }
        };
        let pause = async {
            match failed {
                Some(wait) => tokio::time::sleep(wait).await,
                None => changes.wait(LOOKS).await,
            }
        };
        tokio::select! {
            () = pause => {}
            () = context.stopped() => {}
        }
    }
}
