//! Verifying credentials and presentations over material that was fetched before.
//!
//! Verification is pure: the caller asks [`Verifier::needs`] which documents are wanted, fetches them (with
//! its own limits and defences), and hands them over. Every check is reported in words, whether it
//! passed, failed, or could not be made.

mod assertion;
mod classes;
mod credential;
mod dates;
mod endorsements;
mod hosted;
mod key_document;
mod keys;
mod material;
mod needs;
mod party;
mod presentation;
mod recipient;
mod report;
mod resources;
mod run;
mod shape;
mod signed_badge;
mod status;
mod status_list;
mod token;
mod verification;
mod words;

pub use hosted::hosted_address;
pub use material::{Material, Need, NeedKind};
pub use presentation::{Expected, PresentationReport};
pub use report::{Check, CheckId, Outcome, Report, Verdict};
pub use run::Verifier;
pub use words::{Headline, Tone};
