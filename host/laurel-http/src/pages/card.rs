//! The picture for link previews: 1200 by 630, the emblem beside what it says.

use std::fmt::Write;

use super::emblem::{self, EmblemFace, FONTS, Fitted, LEADING, Space, escape, fit};

/// What the picture shows.
#[derive(Clone, Debug)]
pub(crate) struct Card<'a> {
    /// The emblem.
    pub(crate) face: &'a EmblemFace,
    /// Under the title: when.
    pub(crate) line: String,
    /// Set when it does not count: `Revoked`, `Expired`, ….
    pub(crate) warning: Option<&'static str>,
}

/// Left edge of the words.
const LEFT: f32 = 560.0;

const TITLE: Space<'_> = Space { width: 580.0, height: 240.0, sizes: &[72.0, 64.0, 56.0, 48.0, 40.0, 34.0] };
const ISSUER: Space<'_> = Space { width: 580.0, height: 0.0, sizes: &[34.0, 30.0, 26.0] };
const LINE: Space<'_> = Space { width: 580.0, height: 0.0, sizes: &[26.0, 22.0] };

/// The picture as SVG.
pub(crate) fn svg(card: &Card<'_>) -> String {
    let title = fit(&card.face.title, TITLE);
    let rows = f32::from(u16::try_from(title.lines.len()).unwrap_or(1));
    let height = rows * title.size * LEADING;
    let top = 315.0 - f32::midpoint(height, 116.0);
    let mut words = String::new();
    let kicker =
        format!("{} · {}", card.warning.unwrap_or("Verifiable credential"), emblem::level_word(card.face.level));
    let colour = if card.warning.is_some() { "#a3261b" } else { "#1f6b50" };
    words += &text(&fit(&kicker, LINE), top - 22.0, 700, colour);
    words += &text(&title, top + title.size, 700, "#17201c");
    words += &text(&fit(&card.face.issuer, ISSUER), top + height + 54.0, 400, "#3a4641");
    words += &text(&fit(&card.line, LINE), top + height + 100.0, 400, "#5a655f");
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630"><rect width="1200" height="630" fill="#faf8f2"/><rect y="618" width="1200" height="12" fill="{colour}"/><g transform="translate(64 87) scale(1.14)">{}</g><g font-family="{FONTS}">{words}</g></svg>"##,
        emblem::drawing(card.face)
    )
}

fn text(fitted: &Fitted, baseline: f32, weight: u16, colour: &str) -> String {
    let mut svg = String::new();
    for (row, line) in (0_u16..).zip(&fitted.lines) {
        let y = baseline + fitted.size * LEADING * f32::from(row);
        let _ = write!(
            svg,
            r#"<text x="{LEFT}" y="{y:.1}" font-size="{}" font-weight="{weight}" fill="{colour}">{}</text>"#,
            fitted.size,
            escape(line)
        );
    }
    svg
}
