//! How long to wait after a failure.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// Twice as long after every failure in a row.
#[derive(Debug)]
pub(super) struct Patience {
    next: Duration,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// It worked.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// It failed: wait so long.
    pub(super) fn lose(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_begins_again() {
        let mut patience = Patience::new();
        assert_eq!([patience.lose(), patience.lose()].map(|wait| wait.as_millis()), [50, 100]);
        for _ in 0..20 {
            patience.lose();
        }
        assert_eq!(patience.lose(), LONGEST);
        patience.reset();
        assert_eq!(patience.lose(), FIRST);
    }
}
