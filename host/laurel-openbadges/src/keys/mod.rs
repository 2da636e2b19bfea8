//! Keys and the identifiers that stand for them: Multikey, `did:key`, `did:web`.

mod did_key;
mod did_web;
mod multikey;
mod signing;

pub use did_key::{DidKey, DidKeyError};
pub use did_web::{DidWeb, DidWebError};
pub use multikey::{Multikey, MultikeyError};
pub use signing::SigningKey;
