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

/// Whether a text is an address that a browser may follow. The error says what to change.
pub fn web_address(text: &str) -> Result<(), String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    if !is_web {
        return Err("a URL begins with https:// or http://".to_owned());
    }
    identifier(text)
}

/// Whether a text is an absolute identifier as documents name things: a URL, URN or DID. The error says what to change.
pub fn identifier(text: &str) -> Result<(), String> {
    let known = ["https://", "http://", "urn:", "did:"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    if !known || text.contains(strange) {
        return Err("an identifier is a whole URL, URN or DID: https://…, urn:…, did:…".to_owned());
    }
    one_line(text, 2000)
}

/// Whether a word is one of the standard's, or of one's own, after `ext:`. The error lists what is possible.
pub(crate) fn open_word(word: &str, known: &[&str]) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let own = word.strip_prefix("ext:").is_some_and(|own| (1..=100).contains(&own.len()) && own.chars().all(fits));
    if own || known.contains(&word) {
        return Ok(());
    }
    let known = known.join(", ");
    Err(format!("use one of {known}; or a word of your own as ext:Word (letters, digits, `.`, `-` and `_`)"))
}

/// Whether a text looks like a language tag (BCP 47): letters and digits in groups of 1 to 8. The error says what to change.
pub fn language(tag: &str) -> Result<(), String> {
    let group = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let primary = tag.split('-').next().unwrap_or_default();
    let good = tag.len() <= 35
        && (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.split('-').all(group);
    good.then_some(()).ok_or_else(|| "a language tag looks like en, de-AT or zh-Hant".to_owned())
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

    #[test]
    fn open_words() {
        for good in ["Course", "ext:Workshop", "ext:a.b-c_1"] {
            assert!(open_word(good, &["Badge", "Course"]).is_ok(), "{good}");
        }
        for bad in ["Workshop", "course", "ext:", "ext:My Type", ""] {
            assert!(open_word(bad, &["Badge", "Course"]).unwrap_err().contains("Badge, Course"), "{bad}");
        }
    }

    #[test]
    fn identifiers() {
        for good in ["https://a.example/b#c", "http://a", "urn:uuid:1", "did:web:a.example"] {
            assert!(identifier(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "/a", "https://", "urn:", "https://a b", "https://a/<b>", "javascript:alert(1)"] {
            assert!(identifier(bad).is_err() && web_address(bad).is_err(), "{bad}");
        }
        assert!(web_address("https://a").is_ok() && web_address("urn:a").is_err());
    }
}
