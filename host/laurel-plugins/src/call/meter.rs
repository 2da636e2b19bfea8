//! Memory and tables of one call, summed over everything the component makes.

use wasmtime::ResourceLimiter;

use crate::limits::{Limits, MAX_INSTANCES};

/// Adds up what is asked for, and remembers a refusal: a guest that is refused memory usually traps, and the trap alone would not
/// say why. (wasmtime's own `StoreLimits` limits each memory by itself.)
#[derive(Debug)]
pub(crate) struct Meter {
    memory: Account,
    table: Account,
}

#[derive(Debug)]
struct Account {
    used: usize,
    limit: usize,
    refused: bool,
}

impl Account {
    fn new(limit: usize) -> Self {
        Self { used: 0, limit, refused: false }
    }

    fn grow(&mut self, current: usize, desired: usize) -> bool {
        let wanted = self.used.saturating_add(desired.saturating_sub(current));
        let fits = wanted <= self.limit;
        if fits {
            self.used = wanted;
        } else {
            self.refused = true;
        }
        fits
    }
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { memory: Account::new(limits.memory), table: Account::new(limits.table_elements) }
    }

    /// Whether a memory or a table was refused.
    pub(crate) fn refused(&self) -> bool {
        self.memory.refused || self.table.refused
    }

    /// Bytes of all memories together.
    pub(crate) fn memory(&self) -> usize {
        self.memory.used
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.memory.grow(current, desired))
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        // The pool's limit or the machine's, below ours: the same thing to the plugin.
        self.memory.refused = true;
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.table.grow(current, desired))
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.table.refused = true;
        Ok(())
    }

    fn instances(&self) -> usize {
        MAX_INSTANCES
    }

    fn tables(&self) -> usize {
        MAX_INSTANCES
    }

    fn memories(&self) -> usize {
        MAX_INSTANCES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laurel_core::plugins::Interface;

    const MIB: usize = 1 << 20;

    #[test]
    fn memories_and_tables_are_summed() {
        let mut meter = Meter::new(&Limits::of(Interface::Criteria));
        assert!(meter.memory_growing(0, 40 * MIB, None).unwrap());
        assert!(!meter.memory_growing(0, 40 * MIB, None).unwrap(), "the second memory is beyond the sum");
        assert!(meter.refused());
        assert!(meter.memory_growing(40 * MIB, 64 * MIB, None).unwrap());
        assert_eq!(meter.memory(), 64 * MIB);
        assert!(meter.table_growing(0, 6_000, None).unwrap());
        assert!(!meter.table_growing(0, 6_000, None).unwrap());
    }
}
