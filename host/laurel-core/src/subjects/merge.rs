//! Two subjects turn out to be one.

use super::{Merge, Subject, find};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, Partitions, SubjectId};

/// Merges `loser` into `winner`. The rules refold both histories in the background.
pub async fn merge(
    house: &House,
    organisation: OrganisationId,
    winner: SubjectId,
    loser: SubjectId,
) -> Result<Subject, Error> {
    let into = find(house, organisation, winner).await?;
    let from = find(house, organisation, loser).await?;
    if winner == loser {
        return Err(Error::invalid("/from", "a subject cannot be merged into itself"));
    }
    if into.kind != from.kind {
        return Err(Error::Conflict("a person and an organisation cannot be one subject".to_owned()));
    }
    match house.store.merge_subjects(winner, loser).await? {
        Merge::Done => house.bell.ring(Work::Events(Partitions::ALL)),
        Merge::Already => {}
        Merge::Impossible => return Err(Error::Conflict("these two cannot be merged".to_owned())),
    }
    find(house, organisation, into.merged_into.unwrap_or(winner)).await
}
