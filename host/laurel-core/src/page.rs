//! Cursor paging: a page is asked for by the id after which it begins.

use serde::Serialize;
use uuid::Uuid;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// Begin after this id; none for the first page.
    pub after: Option<Uuid>,
    /// At most so many items, 1 to 200.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { after: None, limit: 50 }
    }
}

/// A part of a list, oldest first.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Ask for the next page with this as `after`; none at the end.
    pub next: Option<Uuid>,
}
