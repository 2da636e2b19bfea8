//! What the use cases need from the outside, one file each. Wherever this program reads a clock, a random source or a key, it does
//! so here.

mod bell;
mod clock;
mod master_key;
mod plugins_on_demand;
mod random;
mod vault;

pub(crate) use bell::{Bells, EventListener};
pub(crate) use clock::SystemClock;
pub(crate) use master_key::MasterKey;
pub(crate) use plugins_on_demand::PluginsOnDemand;
pub(crate) use random::OsRandom;
pub(crate) use vault::SealedVault;
