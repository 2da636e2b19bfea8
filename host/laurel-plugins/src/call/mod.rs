//! One call: a fresh store with its limits, the answer or the reason why there is none, and what was used up.

mod failure;
mod meter;
mod session;
mod state;

pub use session::Called;
pub(crate) use session::Session;
pub(crate) use state::{CallState, Connector, Pace, Services};
