#![no_main]
//! Canonical forms: stable when canonicalised again.

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::{Limits, canonical};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    if let Ok(json) = canonical::json(bytes, &limits) {
        assert_eq!(canonical::json(json.as_bytes(), &limits).as_deref(), Ok(json.as_str()));
        let first = canonical::nquads(bytes, Contexts::bundled(), &limits);
        let again = canonical::nquads(json.as_bytes(), Contexts::bundled(), &limits);
        assert_eq!(first.is_ok(), again.is_ok());
        if let (Ok(first), Ok(again)) = (first, again) {
            assert_eq!(first, again);
        }
    }
});
