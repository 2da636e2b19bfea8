//! Fits words into a width without knowing the font that will draw them: widths are estimated on the generous side.

use std::fmt::Write;

/// A text broken into lines that fit, and the size at which they do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    /// The lines, top to bottom; never empty strings.
    pub(crate) lines: Vec<String>,
    /// Font size.
    pub(crate) size: f32,
}

/// Space for a text: a width, a height, and the sizes that may be tried, largest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space<'a> {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) sizes: &'a [f32],
}

/// Baseline to baseline, in font sizes.
pub(crate) const LEADING: f32 = 1.16;

/// Fits a text: the largest size at which no word has to be broken; at the smallest, words are broken and what is too much ends
/// in an ellipsis.
pub(crate) fn fit(text: &str, space: Space<'_>) -> Fitted {
    let text = clean(text);
    let whole = space.sizes.iter().find_map(|&size| {
        let lines = wrap(&text, space.width / size)?;
        (lines.len() <= line_count(space, size))
            .then(|| Fitted { lines: balance(&text, lines, space.width / size), size })
    });
    whole.unwrap_or_else(|| broken(&text, space))
}

fn line_count(space: Space<'_>, size: f32) -> usize {
    let mut count = 1;
    let mut height = size * 2.0 * LEADING;
    while height <= space.height {
        count += 1;
        height += size * LEADING;
    }
    count
}

/// Characters that can be drawn and that say what they seem to say: no control characters, nothing that turns the direction of
/// text around, nothing outside XML; white space is one space.
pub(crate) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|each| each.is_whitespace() || !each.is_control())
        .filter(|each| {
            !matches!(each, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
        })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes for XML text and attribute values.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for each in text.chars() {
        match each {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(escaped, "&#{};", u32::from(each));
            }
            _ => escaped.push(each),
        }
    }
    escaped
}

/// Words on lines of a width in ems; none when a word is wider than a line.
fn wrap(text: &str, width: f32) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0.0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let needed = width_of(word);
        if needed > width {
            return None;
        }
        match lines.last_mut() {
            Some(line) if needed + SPACE <= room => {
                line.push(' ');
                line.push_str(word);
                room -= needed + SPACE;
            }
            _ => {
                lines.push(word.to_owned());
                room = width - needed;
            }
        }
    }
    Some(lines)
}

/// The same number of lines, of lengths as even as they come.
fn balance(text: &str, lines: Vec<String>, width: f32) -> Vec<String> {
    [0.55, 0.65, 0.75, 0.85, 0.93]
        .iter()
        .filter_map(|part| wrap(text, width * part))
        .find(|narrower| narrower.len() <= lines.len())
        .unwrap_or(lines)
}

fn broken(text: &str, space: Space<'_>) -> Fitted {
    let size = space.sizes.last().copied().unwrap_or(12.0);
    let width = space.width / size;
    let pieces: Vec<String> = text.split(' ').flat_map(|word| chop(word, width)).collect();
    let mut lines = wrap(&pieces.join(" "), width).unwrap_or(pieces);
    let most = line_count(space, size);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width_of(last) + width_of("…") > width && last.pop().is_some() {}
            last.push('…');
        }
    }
    Fitted { lines, size }
}

/// A word in pieces no wider than a line; never between a character and what modifies it.
fn chop(word: &str, width: f32) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut room = 0.0;
    let mut joined = false;
    for each in word.chars() {
        let needed = advance(each);
        match pieces.last_mut() {
            Some(piece) if needed <= room || modifies(each) || joined => piece.push(each),
            _ => {
                pieces.push(each.to_string());
                room = width;
            }
        }
        joined = each == '\u{200D}';
        room -= needed;
    }
    pieces
}

fn modifies(each: char) -> bool {
    matches!(each, '\u{0300}'..='\u{036F}' | '\u{200C}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

const SPACE: f32 = 0.28;

fn width_of(text: &str) -> f32 {
    text.chars().map(advance).sum()
}

/// Width of a character in ems, for a bold sans serif.
fn advance(each: char) -> f32 {
    match each {
        _ if modifies(each) => 0.0,
        ' ' => SPACE,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '"' => 0.46,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1.0,
        'A'..='Z' | '&' => 0.74,
        '\u{0000}'..='\u{02FF}' => 0.63,
        '\u{0300}'..='\u{1FFF}' => 0.72,
        _ => 1.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE_OF_THREE: Space<'_> = Space { width: 280.0, height: 104.0, sizes: &[36.0, 28.0, 22.0, 17.0] };

    #[test]
    fn short_words_are_large_and_balanced() {
        assert_eq!(fit("Rust", SPACE_OF_THREE), Fitted { lines: vec!["Rust".into()], size: 36.0 });
        let fitted = fit("Certified Support Engineer", SPACE_OF_THREE);
        assert_eq!(fitted.lines.join("|"), "Certified Support|Engineer");
    }

    #[test]
    fn a_word_without_end_is_broken_and_ends() {
        let fitted = fit(&"x".repeat(300), SPACE_OF_THREE);
        assert!(fitted.size < 18.0 && fitted.lines.len() <= 5);
        assert!(fitted.lines.iter().all(|line| width_of(line) * fitted.size <= SPACE_OF_THREE.width + 1.0));
        assert!(fitted.lines.last().unwrap().ends_with('…'));
    }

    #[test]
    fn nothing_that_deceives_is_left() {
        assert_eq!(clean("evil\u{202E}gpj.exe\u{0}\n\n  x"), "evilgpj.exe x");
        assert_eq!(escape("<b a='1'>&\""), "&#60;b a=&#39;1&#39;&#62;&#38;&#34;");
    }

    #[test]
    fn a_family_stays_together() {
        let pieces = chop("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 1.2);
        assert_eq!(pieces, ["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]);
    }

    #[test]
    fn nothing_fits_into_nothing() {
        assert!(fit("  \u{202E} ", SPACE_OF_THREE).lines.is_empty());
    }
}
