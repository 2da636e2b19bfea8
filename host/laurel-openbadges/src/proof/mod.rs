//! Data Integrity proofs with Ed25519: `eddsa-rdfc-2022` and `eddsa-jcs-2022`.
//!
//! Signing is split so that a host can fix everything first and sign later: the unsigned bytes and the
//! [`ProofOptions`] determine the signed bytes completely.

mod chain;
mod config;
mod options;
mod sign;
mod verify;

pub use options::{Cryptosuite, ProofOptions, ProofPurpose};
pub use sign::{SignError, add_proof, sign, sign_with};
pub use verify::ProofError;
pub(crate) use verify::{facts, verify_proof};
