#![no_main]
//! The small parsers: keys, identifiers, dates, contexts, encoded lists.

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::keys::{DidKey, DidWeb, Multikey, PublicKey};
use laurel_openbadges::status::Bitstring;
use laurel_openbadges::{Limits, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Contexts::bundled().clone().add("https://a.example/", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = text.parse::<Multikey>() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    if let Ok(did) = text.parse::<DidKey>() {
        assert_eq!(did.to_string().parse(), Ok(did));
    }
    if let Ok(did) = text.parse::<DidWeb>() {
        assert_eq!(did.to_string().parse(), Ok(did));
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        let _ = time.to_string();
    }
    let _ = Bitstring::decode(text, &Limits::default());
});
