//! `laurel`: the host and its tools in one program.
//!
//! | where | what |
//! |---|---|
//! | `cli/` | one file for each command |
//! | `config/` | settings: defaults, file, environment, flags |
//! | `conformance.rs` | the instances that the W3C's suites test |
//! | `host.rs` | puts the house together: database, vault, signer, sandbox |
//! | `sandbox.rs`, `contexts.rs`, `http.rs` | what it puts together: plugins, further JSON-LD contexts, the server and its certificate |
//! | `data_folder.rs`, `logging.rs` | what belongs to this host alone; what it says of itself |
//! | `signing/` | who signs: this process, or a signer process over a socket |
//! | `adapters/` | clock, randomness, keys: what the use cases need from the outside |
//! | `workers/` | what goes on in the background |
//!
//! *Architecture invariant*: nothing here decides anything about badges. It wires, starts, stops, and talks to its operator.

// A command line tool speaks on its standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod adapters;
mod cli;
mod config;
mod conformance;
mod contexts;
mod data_folder;
mod host;
mod http;
mod logging;
mod sandbox;
mod signing;
mod workers;

use std::process::ExitCode;

/// Requests, rows and pages are many small pieces, for which the C library's allocator takes a fifth of the host's time. SQLite's pages come
/// from this one too (feature `override`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
