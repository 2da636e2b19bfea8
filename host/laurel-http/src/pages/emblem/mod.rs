//! Emblems: what a badge looks like, drawn as SVG from a few words.
//!
//! The visual design framework: the shape tells the kind of achievement, the colour (and the number of marks) its level, and the
//! words on the face who issues it, in which program and family, for which role or product, and how long it is valid. A
//! credential is a solid medal with a seal; an engagement badge is an outlined sticker without one, so that nobody takes the one
//! for the other.
//!
//! *Architecture invariant*: pure functions of [`EmblemFace`]; no fonts, styles, scripts or references to anything outside.

mod credential;
mod engagement;
mod fit;
mod outline;
mod palette;
mod seal;

use laurel_core::achievements::{Achievement, BadgeKind, Level, Shape, Version};

pub(crate) use fit::{Fitted, LEADING, Space, clean, escape, fit};
pub(crate) use palette::word as level_word;

/// What an emblem shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EmblemFace {
    /// Credential or engagement badge: two different designs.
    pub(crate) kind: BadgeKind,
    /// The outline.
    pub(crate) shape: Shape,
    /// Decides the colour and the number of marks.
    pub(crate) level: Level,
    /// Name of the achievement.
    pub(crate) title: String,
    /// Who issues it.
    pub(crate) issuer: String,
    /// The program.
    pub(crate) program: Option<String>,
    /// The family within the program.
    pub(crate) family: Option<String>,
    /// Role or product.
    pub(crate) role: Option<String>,
    /// How long it is valid, in words.
    pub(crate) validity: Option<String>,
}

impl EmblemFace {
    /// The face of a version of an achievement.
    pub(crate) fn of(achievement: &Achievement, version: &Version, issuer: &str, validity: Option<String>) -> Self {
        let text = &version.text;
        Self {
            kind: achievement.kind,
            shape: text.face.shape,
            level: text.face.level,
            title: text.name.clone(),
            issuer: issuer.to_owned(),
            program: text.face.program.clone(),
            family: text.face.family.clone(),
            role: text.face.role.clone(),
            validity,
        }
    }

    /// The emblem in words, for those who do not see it.
    pub(crate) fn alt(&self) -> String {
        let kind = match self.kind {
            BadgeKind::Credential => "Credential",
            BadgeKind::Engagement => "Engagement badge",
        };
        let level = palette::word(self.level).to_lowercase();
        clean(&format!("{kind} “{}” by {}: a {}, {level} level", self.title, self.issuer, outline::word(self.shape)))
    }

    /// Program and family on one line.
    fn program_line(&self) -> String {
        let parts: Vec<&str> = [self.program.as_deref(), self.family.as_deref()].into_iter().flatten().collect();
        parts.join(" · ")
    }
}

/// The emblem as a whole SVG document, 400 by 400.
pub(crate) fn svg(face: &EmblemFace) -> String {
    let alt = escape(&face.alt());
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="{alt}"><title>{alt}</title>{}</svg>"#,
        drawing(face)
    )
}

/// The emblem without its frame, to be placed into a larger drawing.
pub(crate) fn drawing(face: &EmblemFace) -> String {
    match face.kind {
        BadgeKind::Credential => credential::drawing(face),
        BadgeKind::Engagement => engagement::drawing(face),
    }
}

/// The embedded font first (PNG), then what visitors have (SVG).
pub(crate) const FONTS: &str = "Noto Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif";

/// How words are set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ink<'a> {
    pub(crate) colour: &'a str,
    pub(crate) weight: u16,
}

/// Words centred around (0, `middle`), as large as fits.
pub(crate) fn centred(text: &str, middle: f32, space: Space<'_>, ink: Ink<'_>) -> String {
    let fitted = fit(text, space);
    let count = u16::try_from(fitted.lines.len()).unwrap_or(u16::MAX);
    // A baseline lies about a third of the size below the middle of its line.
    let first = middle + fitted.size * (0.35 - LEADING * (f32::from(count) - 1.0) / 2.0);
    let line = |(row, words): (u16, &String)| {
        let y = first + fitted.size * LEADING * f32::from(row);
        format!(
            r#"<text x="0" y="{y:.1}" font-size="{}" font-weight="{}" fill="{}">{}</text>"#,
            fitted.size,
            ink.weight,
            ink.colour,
            escape(words)
        )
    };
    (0..).zip(&fitted.lines).map(line).collect()
}

#[cfg(test)]
mod tests;
