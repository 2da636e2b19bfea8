//! What waits to be done: the first thing that whoever watches a host looks at.

use crate::house::House;
use crate::store::StoreError;

/// How much waits, in the whole database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events in the log not yet folded; exact.
    pub lag: u64,
    /// Rules that stopped for a subject, by rule and subject: they wait for somebody.
    pub parked: u64,
    /// Awards that wait for their signature.
    pub unsigned: u64,
    /// Award events that wait to enter the log.
    pub unrelayed: u64,
    /// Status lists that changed and wait to be published.
    pub unpublished: u64,
}

impl Backlog {
    /// As it is now.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn measure(house: &House) -> Result<Self, StoreError> {
        let store = &house.store;
        Ok(Self {
            lag: store.lag().await?,
            parked: store.count_parked().await?,
            unsigned: store.count_unsigned().await?,
            unrelayed: store.count_unrelayed().await?,
            unpublished: store.count_unpublished().await?,
        })
    }
}
