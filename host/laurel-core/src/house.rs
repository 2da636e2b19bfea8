//! What every use case needs at hand: the store and the other ports.

use laurel_openbadges::contexts::Contexts;
use std::sync::Arc;

use crate::bell::Bell;
use crate::credentials::{Signer, Tray, Vault};
use crate::plugins::Sandbox;
use crate::random::Random;
use crate::store::Store;
use crate::time::Clock;

/// The ports and the few settings that use cases share. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Where plugins run.
    pub sandbox: Arc<dyn Sandbox>,
    /// Who signs.
    pub signer: Arc<dyn Signer>,
    /// Seals secrets and keys at rest.
    pub vault: Arc<dyn Vault>,
    /// Wakes the workers.
    pub bell: Arc<dyn Bell>,
    /// What was just committed and waits for its signature.
    pub tray: Arc<Tray>,
    /// The JSON-LD contexts that credentials may name.
    pub contexts: &'static Contexts,
    /// The external base URL without a trailing slash (`https://badges.example.org`).
    pub base_url: Arc<str>,
    /// How many entries a new status list gets: one of [`SIZES`](crate::status::SIZES).
    pub status_list_size: u32,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
