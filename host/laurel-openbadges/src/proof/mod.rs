//! Data Integrity proofs with Ed25519: `eddsa-rdfc-2022` and `eddsa-jcs-2022`.
//!
//! Signing is split so that a host can fix everything first and sign later: the unsigned bytes and the
//! [`ProofOptions`] determine the signed bytes completely.
//!
//! Which suite? `eddsa-rdfc-2022` signs the statements a document makes and is what Open Badges 3.0 requires.
//! `eddsa-jcs-2022` signs the JSON as it stands: twice as fast, and outside Open Badges certification.
//! `Ed25519Signature2020`, the suite of older badges, is read and not written.
//!
//! Two traps the suites' implementations fall into are avoided here. The Open Badges context declares datatypes such as
//! `https://www.w3.org/2001/XMLSchema#boolean` (with *https*), which resemble XSD's and are not: they are kept as declared. And
//! neighbours met twice are hashed twice in RDFC-1.0's "hash n-degree quads", as the published signatures need it.
//!
//! A note on documents with twins: where two objects without identifiers say exactly the same (two results of equal value, two equal
//! entries in a list), canonical labels take more work, and the JavaScript stack refuses that by default. Give such objects an `id`.

mod chain;
mod config;
mod options;
mod sign;
mod verify;

pub use options::{Cryptosuite, ProofOptions, ProofPurpose};
pub use sign::{SignError, add_proof, sign, sign_with};
pub use verify::ProofError;
pub(crate) use verify::{ProofFacts, Secured, facts};
