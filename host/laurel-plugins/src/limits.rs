//! What one call may use: every default in this file.
//!
//! A manifest may ask for less or, up to the operator's [`Ceiling`], for more; what the operator sets for a plugin wins.

use std::time::Duration;

use laurel_core::plugins::{Interface, Limits as Asked};

use crate::engine::{Size, TABLE_ELEMENTS};

/// A component larger than this is not looked at, in bytes.
pub const MAX_COMPONENT: usize = 8 << 20;

/// Largest machine code of a component, in bytes.
pub(crate) const MAX_NATIVE: usize = 128 << 20;

/// What the compiling process may use: seconds of processor time, bytes of address space.
pub(crate) const COMPILE_CPU: u64 = 20;
pub(crate) const COMPILE_MEMORY: u64 = 1 << 30;

/// Handles of resources that live at once. The interfaces have none, so this only stops what the component makes for itself.
pub(crate) const MAX_RESOURCES: usize = 1_000;

/// Core instances, memories and tables of one call. The pool's own limits are tighter per component.
pub(crate) const MAX_INSTANCES: usize = 64;

/// Bytes kept of one line of a plugin's log; the rest is cut off.
pub(crate) const MAX_LOG_LINE: usize = 4 << 10;

/// Requests that one call may send.
pub(crate) const MAX_REQUESTS: u32 = 64;

/// Longest wait for one answer, and its longest body in bytes.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
pub(crate) const MAX_RESPONSE: usize = 4 << 20;

/// The same for a set of public keys.
pub(crate) const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
pub(crate) const MAX_KEY_SET: usize = 256 << 10;

/// What one call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Units of fuel, about one per WebAssembly instruction. Deterministic: the same call always ends at the same place.
    pub fuel: u64,
    /// Time in which the guest itself runs. Host calls and a paused machine do not count.
    pub running: Duration,
    /// Time from beginning to end of a connector's call, waiting included.
    pub waiting: Duration,
    /// Bytes of all memories together.
    pub memory: usize,
    /// Elements of all tables together.
    pub table_elements: usize,
    /// Bytes that one answer, or one call of a host function, may carry to the host.
    pub output: usize,
    /// Lines of log that are kept.
    pub log_lines: u32,
    /// Bytes of log that are kept.
    pub log_bytes: usize,
}

/// How far a manifest can raise the limits by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// See [`Limits::fuel`].
    pub fuel: u64,
    /// See [`Limits::running`].
    pub running: Duration,
    /// See [`Limits::memory`].
    pub memory: usize,
    /// See [`Limits::output`].
    pub output: usize,
    /// See [`Limits::log_lines`].
    pub log_lines: u32,
}

impl Ceiling {
    /// For what the operator sets: whatever it is, it counts.
    pub(crate) const NONE: Self =
        Self { fuel: u64::MAX, running: Duration::MAX, memory: usize::MAX, output: usize::MAX, log_lines: u32::MAX };
}

impl Default for Ceiling {
    fn default() -> Self {
        Self {
            fuel: 5_000_000_000,
            running: Duration::from_secs(5),
            memory: Size::Large.max_memory(),
            output: 8 << 20,
            log_lines: 1_024,
        }
    }
}

impl Limits {
    /// The defaults of calls to this interface.
    pub fn of(interface: Interface) -> Self {
        let criteria = Self {
            fuel: 200_000_000,
            running: Duration::from_secs(1),
            waiting: Duration::from_secs(5),
            memory: 64 << 20,
            table_elements: TABLE_ELEMENTS,
            output: 256 << 10,
            log_lines: 256,
            log_bytes: 64 << 10,
        };
        let connector = Self { fuel: 1_000_000_000, output: 4 << 20, ..criteria };
        match interface {
            Interface::Criteria => criteria,
            // A sender gives up after ten seconds or so.
            Interface::Hook => Self { waiting: Duration::from_secs(10), ..connector },
            Interface::Delivery | Interface::Sync | Interface::Identity => {
                Self { running: Duration::from_secs(2), waiting: Duration::from_secs(60), ..connector }
            }
        }
    }

    /// These limits with what a manifest asks for, up to `ceiling`.
    #[must_use]
    pub fn asked(mut self, asked: &Asked, ceiling: &Ceiling) -> Self {
        self.fuel = asked.fuel.map_or(self.fuel, |fuel| fuel.min(ceiling.fuel));
        self.running = asked.deadline_ms.map_or(self.running, |ms| Duration::from_millis(ms).min(ceiling.running));
        self.memory = asked.memory.map_or(self.memory, |bytes| size(bytes).min(ceiling.memory));
        self.output = asked.output.map_or(self.output, |bytes| size(bytes).min(ceiling.output));
        self.log_lines = asked.log_lines.map_or(self.log_lines, |lines| lines.min(ceiling.log_lines));
        self
    }
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_lowers_freely_and_raises_up_to_the_ceiling() {
        let ceiling = Ceiling::default();
        let asked = Asked { fuel: Some(10), memory: Some(u64::MAX), ..Asked::default() };
        let limits = Limits::of(Interface::Criteria).asked(&asked, &ceiling);
        assert_eq!((limits.fuel, limits.memory), (10, ceiling.memory));
        assert_eq!(limits.output, Limits::of(Interface::Criteria).output);
    }
}
