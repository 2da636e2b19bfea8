//! What a plugin can ask of the host: one module per capability, with its errors and its denials.
//!
//! A capability that the manifest does not name is not linked. One that the operator did not grant keeps the plugin from being
//! called at all ([`CallError::NotGranted`](laurel_core::plugins::CallError::NotGranted)); a single host or secret that was not
//! granted is a typed error inside the plugin.

pub(crate) mod http;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod secrets;
