//! Baked samples of 1EdTech, and our own.

use laurel_openbadges::Limits;
use laurel_openbadges::baking::{BakedVersion, bake, unbake};

use crate::shared;

#[test]
fn the_baked_samples_are_read_and_rebaked() {
    let Some(standards) = shared::standards() else { return };
    for name in ["simple-json.svg", "simple-jwt.png", "simple-jwt_v1.png", "simple-jwt_v1.svg"] {
        let image = shared::read(standards.join("ob30-samples").join(name));
        let baked = unbake(&image, &Limits::default()).unwrap().unwrap_or_else(|| panic!("{name}: nothing found"));
        assert_eq!(baked.version, BakedVersion::V3, "{name}");
        let is_json = baked.text.starts_with('{');
        assert_eq!(is_json, name.contains("json"), "{name}: {}", &baked.text[..40]);
        assert!(is_json || baked.text.split('.').count() == 3, "{name}");
        let again = bake(&image, "{\"another\":true}").unwrap();
        let found = unbake(&again, &Limits::default()).unwrap().unwrap();
        assert_eq!(found.text, "{\"another\":true}", "{name}");
    }
}
