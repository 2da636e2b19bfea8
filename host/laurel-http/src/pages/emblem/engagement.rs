//! The emblem of an engagement badge: an outlined sticker, a little tilted, with sparks and without a seal.

use super::palette::{self, Palette};
use super::{EmblemFace, FONTS, Ink, Space, centred, outline};

/// The drawing, in a square of 400 by 400.
pub(super) fn drawing(face: &EmblemFace) -> String {
    let colours = palette::of(face.level);
    let outline = outline::of(face.shape);
    let Palette { base, tint, .. } = colours;
    let tails = if outline.tails.is_empty() {
        String::new()
    } else {
        format!(
            r#"<path d="{}" fill="{tint}" stroke="{base}" stroke-width="5" stroke-linejoin="round"/>"#,
            outline.tails
        )
    };
    format!(
        r#"<g transform="rotate(-4 200 200) translate(200 200) scale(.86) translate(-200 -200)">{tails}<path d="{body}" fill="{tint}" stroke="{base}" stroke-width="7" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray="20 14"/><g transform="translate(200 {centre}) scale({scale})" text-anchor="middle" font-family="{FONTS}">{words}</g></g>{sparks}"#,
        body = outline.body,
        centre = outline.centre,
        scale = outline.scale,
        words = words(face, colours),
        sparks = sparks(base),
    )
}

fn words(face: &EmblemFace, colours: Palette) -> String {
    let small = |width, sizes| Space { width, height: 0.0, sizes };
    let plain = Ink { colour: colours.deep, weight: 400 };
    let mut svg = format!(r#"<g transform="translate(0 -96) scale(1.5)">{}</g>"#, spark(0.0, 0.0, 1.0, colours.base));
    let title = Space { width: 270.0, height: 110.0, sizes: &[42.0, 38.0, 34.0, 30.0, 26.0, 22.0, 19.0, 16.0] };
    svg += &centred(&face.title, -8.0, title, Ink { colour: colours.deep, weight: 700 });
    let below = face.role.clone().unwrap_or_else(|| face.program_line());
    svg += &centred(&below, 72.0, small(240.0, &[16.0, 14.0, 12.0]), plain);
    svg += &centred(&face.issuer, 98.0, small(210.0, &[14.0, 12.0]), plain);
    svg
}

/// Sparks at the corners, where no shape is.
fn sparks(colour: &str) -> String {
    let places = [(46.0, 52.0, 1.2), (352.0, 44.0, 0.8), (366.0, 340.0, 1.3), (40.0, 346.0, 0.8)];
    let stars: String = places.iter().map(|&(x, y, size)| spark(x, y, size, colour)).collect();
    let dots = [(84, 28), (378, 92), (22, 300), (330, 378)];
    let dots: String = dots
        .iter()
        .map(|(x, y)| format!(r#"<circle cx="{x}" cy="{y}" r="4" fill="{colour}" fill-opacity=".55"/>"#))
        .collect();
    stars + &dots
}

fn spark(x: f32, y: f32, size: f32, colour: &str) -> String {
    format!(
        r#"<path d="M0-16Q2-2 16 0Q2 2 0 16Q-2 2-16 0Q-2-2 0-16z" fill="{colour}" transform="translate({x} {y}) scale({size})"/>"#
    )
}
