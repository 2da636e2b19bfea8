//! A fresh list for an organisation.

use super::StatusList;
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, PublicId, StatusListId};
use crate::organisations::StatusEntries;

/// Makes a list, from which places are taken from now on.
pub(crate) async fn open(house: &House, organisation: OrganisationId, entries: StatusEntries) -> Result<(), Error> {
    let now = house.clock.now();
    let mut seed = [0; 32];
    house.random.fill(&mut seed);
    let id = StatusListId::new(now, house.random.as_ref());
    let public_id = PublicId::new(house.random.as_ref());
    let size = house.status_list_size;
    let list = StatusList { id, public_id, organisation, entries, size, seed, next: 0, void: false };
    house.store.insert_status_list(&list, now).await?;
    // Credentials that name it may be out in a moment.
    house.bell.ring(Work::Statuses);
    Ok(())
}
