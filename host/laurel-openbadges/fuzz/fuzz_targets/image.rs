#![no_main]
//! Images: what was baked is read back.

use laurel_openbadges::Limits;
use laurel_openbadges::baking::{bake, unbake};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let _ = unbake(bytes, &limits);
    if let Ok(baked) = bake(bytes, "{\"a\":\"]]>\"}") {
        let found = unbake(&baked, &limits).expect("readable").expect("there");
        assert_eq!(found.text, "{\"a\":\"]]>\"}");
    }
});
