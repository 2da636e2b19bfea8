//! The sandbox from outside: what loads and what does not, what calls may do, and what hostile guests achieve.
//!
//! Guests are written here as WebAssembly text and packed as plugins are, so no other toolchain is needed.

mod cache;
mod calls;
mod connectors;
mod features;
mod hostile;
mod load;
mod support;
