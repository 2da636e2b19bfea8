//! Port: tells the background workers that there is something to do. Ringing is a courtesy (it saves waiting); the workers also look
//! by themselves.

use std::fmt;

use crate::id::Partitions;

/// What there is to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Work {
    /// Events in these partitions of the log.
    Events(Partitions),
    /// Awards to sign, in the [tray](crate::credentials::Tray).
    Tray,
    /// Awards to sign, in the store.
    Awards,
    /// Rows in the outbox.
    Outbox,
    /// Statuses to publish.
    Statuses,
    /// Rules that may work again.
    Rules,
}

/// The bell.
pub trait Bell: Send + Sync + fmt::Debug {
    /// There is something to do.
    fn ring(&self, work: Work);
}
