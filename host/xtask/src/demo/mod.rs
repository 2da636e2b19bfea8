//! The demo: Ada finishes a course, helps others in the forum, and wins a deal; three systems tell the host, three plugins understand
//! them, a fourth decides, and what comes of it verifies anywhere.
//!
//! | file | what |
//! |---|---|
//! | `host.rs` | the host as a process on fresh data |
//! | `client.rs` | its HTTP client |
//! | `program.rs` | the organisation: achievements, plugins, rules, Ada |
//! | `vendors.rs` | deliveries in the vendors' shapes, signed as they sign |
//! | `story.rs` | what happens, step by step |
//! | `verifiers.rs` | `laurel credential verify`, and verifiers of others |
//! | `summary.rs` | what came of it, as one document |

mod client;
mod host;
mod narrator;
mod program;
mod story;
mod summary;
mod vendors;
mod verifiers;

pub(crate) use narrator::Narrator;
pub(crate) use story::{Stage, play};
