//! The emblem of a credential: a solid medal with a seal.

use std::fmt::Write;

use super::palette::{self, Palette};
use super::seal::seal;
use super::{EmblemFace, FONTS, Ink, Space, centred, outline};

/// The drawing, in a square of 400 by 400.
pub(super) fn drawing(face: &EmblemFace) -> String {
    let colours = palette::of(face.level);
    let outline = outline::of(face.shape);
    let Palette { base, deep, accent, .. } = colours;
    let mut svg = String::new();
    if !outline.tails.is_empty() {
        let _ = write!(
            svg,
            r#"<path d="{}" fill="{deep}" stroke="{deep}" stroke-width="6" stroke-linejoin="round"/>"#,
            outline.tails
        );
    }
    let inner = |scale: f32| {
        let centre = outline.centre;
        format!("translate(200 {centre}) scale({scale}) translate(-200 -{centre})")
    };
    let _ = write!(
        svg,
        r#"<path d="{body}" fill="{deep}" stroke="{deep}" stroke-width="16" stroke-linejoin="round"/><path d="{body}" fill="{base}" stroke="{base}" stroke-width="12" stroke-linejoin="round" transform="{}"/><path d="{body}" fill="none" stroke="{accent}" stroke-opacity=".75" stroke-width="2" stroke-linejoin="round" transform="{}"/>"#,
        inner(0.95),
        inner(0.92),
        body = outline.body,
    );
    let _ = write!(
        svg,
        r#"<g transform="translate(200 {}) scale({})" text-anchor="middle" font-family="{FONTS}">{}</g>"#,
        outline.centre,
        outline.scale,
        words(face, colours)
    );
    svg
}

fn words(face: &EmblemFace, colours: Palette) -> String {
    let small = |width, size| Space { width, height: 0.0, sizes: size };
    let accent = Ink { colour: colours.accent, weight: 400 };
    let white = Ink { colour: "#ffffff", weight: 700 };
    let mut svg = format!(r#"<g transform="translate(0 -116)">{}</g>"#, seal(colours.accent));
    svg += &centred(&face.issuer, -76.0, small(220.0, &[16.0, 14.0, 12.0]), Ink { weight: 700, ..accent });
    svg += &centred(&face.program_line(), -57.0, small(250.0, &[13.0, 12.0, 11.0]), accent);
    let title = Space { width: 270.0, height: 92.0, sizes: &[38.0, 35.0, 32.0, 28.0, 25.0, 22.0, 19.0, 16.0] };
    svg += &centred(&face.title, 6.0, title, white);
    svg += &centred(face.role.as_deref().unwrap_or_default(), 75.0, small(240.0, &[15.0, 13.0, 12.0]), white);
    svg += &marks(palette::rank(face.level), colours.accent);
    svg += &centred(face.validity.as_deref().unwrap_or_default(), 119.0, small(180.0, &[12.5, 11.0]), accent);
    svg
}

/// One to four marks out of four.
fn marks(rank: u8, colour: &str) -> String {
    (0..4)
        .map(|place| {
            let x = f32::from(place) * 16.0 - 24.0;
            let fill = if place < rank { colour } else { "none" };
            format!(r#"<circle cx="{x}" cy="98" r="4.2" fill="{fill}" stroke="{colour}" stroke-width="1.4"/>"#)
        })
        .collect()
}
