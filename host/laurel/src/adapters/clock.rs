//! The system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use laurel_core::time::{Clock, Timestamp};

/// The time as the operating system tells it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter behind the Clock port")]
    fn now(&self) -> Timestamp {
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()),
            Err(before) => i64::try_from(before.duration().as_millis()).map(|millis| -millis),
        };
        Timestamp(millis.unwrap_or(i64::MAX))
    }
}
