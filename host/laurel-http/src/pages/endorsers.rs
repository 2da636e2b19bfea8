//! Who endorses what a page shows.

use laurel_core::issued::Spoken;

use super::emblem::clean;
use super::markdown::is_harmless;

/// Somebody who endorses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endorser {
    pub(crate) name: String,
    /// Where the endorsement is, if that is an address that may be followed.
    pub(crate) link: Option<String>,
}

/// For a page, of what its documents carry.
pub(super) fn endorsers(spoken: &[Spoken]) -> Vec<Endorser> {
    let endorser =
        |each: &Spoken| Endorser { name: clean(&each.by), link: each.id.clone().filter(|id| is_harmless(id)) };
    spoken.iter().map(endorser).collect()
}
