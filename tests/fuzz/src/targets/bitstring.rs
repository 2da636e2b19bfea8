//! Status lists: bounded when inflated, and the same after encoding.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::{Compression, write::GzEncoder};
use laurel_openbadges::Limits;
use laurel_openbadges::status::Bitstring;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "bitstring",
    reads: "an encoded status list, as text or as what is behind its base64url",
    run,
    seeds,
    words: &["u", "H4sI", "\x1f", "\u{8}", "AAAA", "=="],
    tries: 2000,
};

fn run(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(text);
    }
    read(&format!("u{}", URL_SAFE_NO_PAD.encode(bytes)));
}

fn read(text: &str) {
    let limits = Limits { status_list_bytes: 1 << 18, ..Limits::default() };
    if let Ok(list) = Bitstring::decode(text, &limits) {
        assert!(list.as_bytes().len() <= limits.status_list_bytes);
        assert_eq!(Bitstring::decode(&list.encode(), &limits), Ok(list));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut list = Bitstring::new(131_072).unwrap_or_else(|why| panic!("{why}"));
    let empty = list.encode();
    let _ = list.set(94_567, true);
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let _ = packed.write_all(&vec![0; 1 << 20]);
    let bomb = packed.finish().unwrap_or_default();
    vec![empty.into_bytes(), list.encode().into_bytes(), bomb]
}
