//! The six shapes, in a square of 400 by 400.

use laurel_core::achievements::Shape;

/// A shape and where its words go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline {
    /// The body, as path data.
    pub(crate) body: &'static str,
    /// Drawn behind the body; empty for most.
    pub(crate) tails: &'static str,
    /// Middle of the words.
    pub(crate) centre: f32,
    /// Scale of the words.
    pub(crate) scale: f32,
}

/// The outline of a shape.
pub(crate) fn of(shape: Shape) -> Outline {
    let plain = |body, centre, scale| Outline { body, tails: "", centre, scale };
    match shape {
        Shape::Circle => plain("M200 16a184 184 0 1 1 0 368a184 184 0 1 1 0-368z", 200.0, 1.1),
        Shape::Hexagon => plain("M200 16L361 108L361 292L200 384L39 292L39 108z", 200.0, 1.03),
        Shape::Shield => plain(
            "M54 44Q132 52 200 18Q268 52 346 44L346 206C346 300 272 354 200 384C128 354 54 300 54 206z",
            194.0,
            0.97,
        ),
        Shape::Star => plain(
            "M200 12L257.4 61.4L332.9 67.1L338.6 142.6L388 200L338.6 257.4L332.9 332.9L257.4 338.6L200 388\
             L142.6 338.6L67.1 332.9L61.4 257.4L12 200L61.4 142.6L67.1 67.1L142.6 61.4z",
            200.0,
            0.9,
        ),
        Shape::Diamond => plain("M200 14L386 200L200 386L14 200z", 200.0, 0.8),
        Shape::Ribbon => Outline {
            body: "M200 16a152 152 0 1 1 0 304a152 152 0 1 1 0-304z",
            tails: "M112 262L84 390L140 364L172 394L200 300L228 394L260 364L316 390L288 262z",
            centre: 168.0,
            scale: 0.88,
        },
    }
}

/// A shape in words.
pub(crate) fn word(shape: Shape) -> &'static str {
    match shape {
        Shape::Circle => "circle",
        Shape::Hexagon => "hexagon",
        Shape::Shield => "shield",
        Shape::Star => "star",
        Shape::Diamond => "diamond",
        Shape::Ribbon => "ribbon",
    }
}
