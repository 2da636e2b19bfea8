#![no_main]
//! Status lists: bounded when inflated, and the same after encoding.

use laurel_openbadges::Limits;
use laurel_openbadges::status::Bitstring;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { status_list_bytes: 1 << 18, ..Limits::default() };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(list) = Bitstring::decode(text, &limits) {
        assert!(list.as_bytes().len() <= limits.status_list_bytes);
        assert_eq!(Bitstring::decode(&list.encode(), &limits), Ok(list));
    }
});
