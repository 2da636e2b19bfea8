//! The interface `sync`: asks a system that only answers questions, page by page, on a schedule.

pub use crate::bindings::sync::exports::laurel::plugin::sync::{Page, SyncError};

/// Implemented by plugins registered with `register!(… : sync)`.
pub trait Sync {
    /// The page that begins at `cursor` (`None`: at the beginning).
    fn pull(cursor: Option<String>) -> Result<Page, SyncError>;
}
