//! Tests of the crate from outside, over the published vectors, contexts and samples.
//!
//! The data is other people's and is read at run time from the folder `LAUREL_SHARED` names (default: `shared`
//! beside the repository). Without it, a test says "not run" and passes; under CI it fails.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests may fail and print")]

mod badges;
mod baking;
mod carried_oracles;
mod contexts;
mod endorsements;
mod hosted;
mod hostile;
mod kinds;
mod oracles;
mod presentations;
mod proofs;
mod random;
mod rsa;
mod samples;
mod schema;
mod shared;
mod signed_badges;
mod signers;
mod status;
mod token_oracles;
mod tokens;
mod vectors;
mod w3c;
