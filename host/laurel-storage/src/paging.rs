//! Pages by id.

use laurel_core::page::{Page, PageRequest};
use uuid::Uuid;

use crate::engine::Fault;

/// The id after which the page begins; every id comes after the nil one.
pub(crate) fn after(page: PageRequest) -> Uuid {
    page.after.unwrap_or(Uuid::nil())
}

/// One more row than the page holds: it tells whether there is a next page.
pub(crate) fn limit(page: PageRequest) -> i64 {
    i64::from(page.limit.clamp(1, 200)) + 1
}

/// Rows as a page of what they stand for.
pub(crate) fn page<R, T>(
    request: PageRequest,
    mut rows: Vec<R>,
    read: impl Fn(R) -> Result<T, Fault>,
    id: impl Fn(&T) -> Uuid,
) -> Result<Page<T>, Fault> {
    let size = usize::try_from(request.limit.clamp(1, 200)).unwrap_or(200);
    let more = rows.len() > size;
    rows.truncate(size);
    let items = rows.into_iter().map(read).collect::<Result<Vec<T>, Fault>>()?;
    let next = items.last().filter(|_| more).map(id);
    Ok(Page { items, next })
}
