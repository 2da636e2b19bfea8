//! Verifying credentials over material that was fetched before.
//!
//! Verification is pure: the caller asks [`Verifier::needs`] which documents are wanted, fetches them (with
//! its own limits and defences), and hands them over. Every check is reported in words, whether it
//! passed, failed, or could not be made.

mod dates;
mod keys;
mod material;
mod report;
mod run;
mod shape;
mod status;

pub use material::{Material, Need, NeedKind};
pub use report::{Check, CheckId, Outcome, Report, Verdict};
pub use run::Verifier;
