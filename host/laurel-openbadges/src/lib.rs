//! Open Badges 3.0 and Verifiable Credentials: build, canonicalise, sign, verify.
//!
//! The crate does no I/O, reads no clock and no randomness, and compiles to WebAssembly. What the outside must
//! give, it gets as arguments: key documents and status lists already fetched, the time, a seed.

pub mod canonical;
pub mod contexts;
pub mod documents;
mod jcs;
mod json;
mod jsonld;
pub mod keys;
mod limits;
mod multibase;
mod pointer;
pub mod proof;
mod rdf;
pub mod status;
mod time;
pub mod verify;

pub use json::JsonError;
pub use jsonld::JsonLdError;
pub use limits::Limits;
pub use multibase::MultibaseError;
pub use rdf::CanonicalError;
pub use time::{Timestamp, TimestampError};
