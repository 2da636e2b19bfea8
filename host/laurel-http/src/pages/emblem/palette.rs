//! Colours of the levels. White on `base` has a contrast of at least 6 to 1, `deep` on `tint` of at least 7 to 1.

use laurel_core::achievements::Level;

/// The colours of one level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// The field.
    pub(crate) base: &'static str,
    /// The edge.
    pub(crate) deep: &'static str,
    /// Fine lines and small words on the field.
    pub(crate) accent: &'static str,
    /// The field of engagement badges.
    pub(crate) tint: &'static str,
}

/// The colours of a level.
pub(crate) fn of(level: Level) -> Palette {
    match level {
        Level::Foundation => Palette { base: "#1f6b50", deep: "#124534", accent: "#cdeedd", tint: "#eef8f1" },
        Level::Intermediate => Palette { base: "#1d5a93", deep: "#113c65", accent: "#cfe6fb", tint: "#edf5fc" },
        Level::Advanced => Palette { base: "#613f9b", deep: "#402870", accent: "#e6dafc", tint: "#f5f0fd" },
        Level::Expert => Palette { base: "#272b35", deep: "#14161c", accent: "#f1d083", tint: "#fdf7e7" },
    }
}

/// A level in words; colour never speaks alone.
pub(crate) fn word(level: Level) -> &'static str {
    match level {
        Level::Foundation => "Foundation",
        Level::Intermediate => "Intermediate",
        Level::Advanced => "Advanced",
        Level::Expert => "Expert",
    }
}

/// How many of the four marks a level has.
pub(crate) fn rank(level: Level) -> u8 {
    match level {
        Level::Foundation => 1,
        Level::Intermediate => 2,
        Level::Advanced => 3,
        Level::Expert => 4,
    }
}
