//! Port: randomness.

use std::fmt;

/// A cryptographically secure random source.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}
