//! The sandbox: loads WebAssembly components, links what they were granted, and calls them under limits.
//!
//! - [`Runtime`] is the core's [`Sandbox`](laurel_core::plugins::Sandbox): plugins by digest. [`Plugin`] has the same calls with what
//!   they cost and what was logged, and those the core does not make yet (`deliver`, `pull`, `identify`).
//! - `load` goes from bytes to compiled code: size, manifest, imports and exports, compiler, cache.
//! - `call` is one call's store: meter, log, ticks, and what an error means.
//! - `capability` holds what plugins can ask of the host, one module each.
//! - `abi` has one adapter per line of the WIT.
//! - [`limits`](Limits) are all in one file.
//!
//! *Architecture invariants*: every call gets a fresh instance. Criteria are linked to nothing but the log, so their answer depends
//! on their arguments alone. No plugin sees a secret. Nothing here keeps a plugin from failing; nothing lets its failure reach
//! another call.
//!
//! To add a capability: a module in `capability`, its interface in a new WIT line, its words in `load/manifest.rs`, its linking in
//! that line's adapter.

mod abi;
mod call;
mod capability;
mod connector;
mod engine;
mod limits;
mod load;
mod plugin;
mod runtime;

pub use call::Called;
pub use capability::log::{Level, Log, LogLine};
pub use connector::{Account, DeliveryError, IdentityError, Notice, Pull, Receipt, SyncError};
pub use engine::{Size, features};
pub use limits::{Ceiling, Limits, MAX_COMPONENT};
pub use load::{Compiler, Inspected, MANIFEST_SECTION, compile_in_child, inspect};
pub use plugin::Plugin;
pub use runtime::{Cache, Runtime, Settings, StartError};
