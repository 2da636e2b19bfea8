//! The way of events into the log: append, then wake whom it concerns.

use super::{Appended, NewEvent};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::Partitions;

/// Makes events durable and tells the pipeline of those that are new.
pub(crate) async fn take(house: &House, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
    let appended = house.store.append(events).await?;
    let new: Partitions = appended.iter().filter_map(|each| each.if_new().map(|receipt| receipt.partition)).collect();
    if new != Partitions::default() {
        house.bell.ring(Work::Events(new));
    }
    Ok(appended)
}
