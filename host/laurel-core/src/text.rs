//! What a text from outside may hold: no control characters, and none that make it read otherwise than it is stored.

/// Whether a text is one line of 1 to `max` characters. The error says what to change.
pub fn one_line(text: &str, max: usize) -> Result<(), String> {
    if text.contains(['\n', '\r', '\t']) {
        return Err("write it on one line".to_owned());
    }
    prose(text, max)
}

/// Whether a text has 1 to `max` characters, not only white space. Line breaks are allowed. The error says what to change.
pub fn prose(text: &str, max: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("it must not be empty".to_owned());
    }
    let length = text.chars().count();
    if length > max {
        return Err(format!("it has {length} characters; {max} is the most"));
    }
    match text.chars().find(|each| is_deceptive(*each)) {
        Some(found) => Err(format!("take out the character U+{:04X}", u32::from(found))),
        None => Ok(()),
    }
}

/// A text as it can be stored and shown: at most `max` characters, with U+FFFD for those that it must not hold.
pub fn readable(text: &str, max: usize) -> String {
    let mut shown: String =
        text.chars().take(max).map(|each| if is_deceptive(each) { '\u{FFFD}' } else { each }).collect();
    if text.chars().nth(max).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// Control characters, and those that turn the direction of text around: a name must read as it is stored.
fn is_deceptive(each: char) -> bool {
    (each.is_control() && !matches!(each, '\n' | '\r' | '\t'))
        || matches!(each, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_bounded_and_harmless() {
        assert_eq!(readable("as it is\n", 20), "as it is\n");
        assert_eq!(readable("nul\0 \u{1b}[2J \u{202E}", 20), "nul\u{FFFD} \u{FFFD}[2J \u{FFFD}");
        assert_eq!((readable("1234", 4).as_str(), readable("12345", 4).as_str()), ("1234", "123…"));
    }

    #[test]
    fn limits() {
        assert!(one_line("Ada Lovelace", 20).is_ok() && one_line("Zoë 🎓", 5).is_ok());
        for bad in ["", "  ", "a\nb", "a\u{0}b", "evil\u{202E}gpj", "123456"] {
            assert!(one_line(bad, 5).is_err(), "{bad:?}");
        }
        assert!(prose("two\nlines", 20).is_ok());
    }
}
