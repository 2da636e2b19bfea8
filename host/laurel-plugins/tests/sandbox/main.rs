//! The sandbox from outside: what loads and what does not, what calls may do, and what hostile guests achieve.
//!
//! Guests are written here as WebAssembly text and packed as plugins are, so no other toolchain is needed.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod cache;
mod calls;
mod connectors;
mod features;
mod hostile;
mod load;
mod support;
