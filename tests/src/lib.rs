//! What the black-box tests share: the host as a process, a client, databases of their own, signed deliveries.
//!
//! Everything here is for tests, and so it panics where a test would: a failed set-up is a failed test.
#![allow(clippy::missing_panics_doc, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod client;
pub mod credential;
pub mod cutter;
pub mod database;
pub mod discourse;
pub mod earner;
pub mod guest;
pub mod host;
pub mod hubspot;
pub mod oracles;
pub mod program;
pub mod signer;

pub use client::{Answer, Client};
pub use credential::status_entries;
pub use cutter::Cutter;
pub use database::Database;
pub use host::Host;
pub use program::Program;
pub use signer::Signer;
