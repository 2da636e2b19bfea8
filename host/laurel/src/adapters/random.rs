//! The operating system's random source.

use laurel_core::random::Random;

/// Cryptographically secure randomness from the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OsRandom;

impl Random for OsRandom {
    /// # Panics
    /// If the operating system has no randomness to give: nothing that needs it may go on.
    #[expect(clippy::disallowed_methods, reason = "this is the adapter behind the Random port")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}
