//! Images with badges in them: what was baked is read back.

use laurel_openbadges::Limits;
use laurel_openbadges::baking::{BakedVersion, bake, bake_as, unbake};

use crate::Target;
use crate::seeds;

pub(super) const TARGET: Target = Target {
    name: "baked",
    reads: "a PNG or SVG image that may hold a badge",
    run,
    seeds,
    words: &[
        "IHDR",
        "IDAT",
        "IEND",
        "iTXt",
        "tEXt",
        "zTXt",
        "openbadgecredential",
        "openbadges",
        "<svg",
        "</svg>",
        "<openbadges:credential",
        "<openbadges:assertion",
        "verify=\"",
        "xmlns:openbadges=\"",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE",
        "<!ENTITY",
        "&#x0;",
        "&amp;",
        "<?",
        "?>",
        "/>",
    ],
    tries: 4000,
};
const BADGE: &str = "{\"a\":\"]]>\"}";

fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = unbake(bytes, &limits);
    if let Ok(baked) = bake(bytes, BADGE) {
        let found = unbake(&baked, &limits).ok().flatten();
        assert_eq!(found.map(|found| found.text).as_deref(), Some(BADGE));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = seeds::images();
    for image in seeds::images() {
        for version in [BakedVersion::V3, BakedVersion::V2] {
            seeds.extend(bake_as(version, &image, "{\"id\":\"urn:1\"}"));
        }
    }
    seeds
}
