//! Canonical forms: stable when canonicalised again.

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::{Limits, canonical};

use super::JSON;
use crate::Target;
use crate::seeds;

pub(super) const TARGET: Target = Target {
    name: "canonical",
    reads: "a JSON-LD document: JCS, expansion, RDFC-1.0",
    run,
    seeds: seeds::unsigned,
    words: JSON,
    tries: 4000,
};

fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(json) = canonical::json(bytes, &limits) else { return };
    assert_eq!(canonical::json(json.as_bytes(), &limits).as_deref(), Ok(json.as_str()));
    let first = canonical::nquads(bytes, Contexts::bundled(), &limits);
    let again = canonical::nquads(json.as_bytes(), Contexts::bundled(), &limits);
    assert_eq!(first.is_ok(), again.is_ok());
    if let (Ok(first), Ok(again)) = (first, again) {
        assert_eq!(first, again);
    }
}
