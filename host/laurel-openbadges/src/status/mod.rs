//! Bitstring Status List 1.0: who is revoked or suspended, one bit an entry; messages, several bits an entry.

mod bitstring;
mod credential;
mod permutation;

pub use bitstring::{Bitstring, BitstringError, MINIMUM_ENTRIES};
pub use credential::{StatusEntry, StatusListCredential, StatusPurpose};
pub use permutation::permute;
