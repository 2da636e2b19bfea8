//! The subject that stands for another after merges.

use super::Subject;
use crate::error::Error;
use crate::house::House;
use crate::id::SubjectId;

/// Merges followed at most; more means a circle.
const MOST_MERGES: usize = 32;

/// The subject with this id, or the one it was merged into.
pub async fn current(house: &House, id: SubjectId) -> Result<Option<Subject>, Error> {
    let mut next = id;
    for _ in 0..MOST_MERGES {
        let Some(subject) = house.store.subject(next).await? else { return Ok(None) };
        match subject.merged_into {
            Some(winner) => next = winner,
            None => return Ok(Some(subject)),
        }
    }
    Err(Error::Internal(format!("subject {id} was merged in a circle")))
}
