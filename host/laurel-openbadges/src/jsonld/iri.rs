//! Which strings may stand as identifiers.

use crate::text::plain_run;

/// An absolute IRI: a scheme, a colon, and no character that N-Quads could not carry unescaped.
pub(crate) fn is_absolute(iri: &str) -> bool {
    let Some((scheme, rest)) = split_scheme(iri) else { return false };
    let mut characters = scheme.bytes();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && all_allowed(rest)
}

/// What stands before and after the first colon. Schemes are too short for a search by words of memory to pay.
pub(super) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let colon = text.bytes().position(|byte| byte == b':')?;
    Some((&text[..colon], &text[colon + 1..]))
}

/// Whether every character may stand in an identifier. Most are ASCII, which needs no decoding.
fn all_allowed(text: &str) -> bool {
    text[ascii_run(text)..].chars().all(allowed)
}

/// Whether every character is of ASCII and stands for itself in identifiers and literals alike.
pub(crate) fn is_plain(text: &str) -> bool {
    ascii_run(text) == text.len()
}

fn ascii_run(text: &str) -> usize {
    plain_run(text.as_bytes(), 0x21..=0x7e, *b"<>\"{}|\\^`")
}

fn allowed(character: char) -> bool {
    !matches!(character, '\0'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '\u{7f}')
        && !character.is_whitespace()
}

/// The label of a blank node identifier (`_:label`).
pub(crate) fn blank_label(iri: &str) -> Option<&str> {
    let label = iri.strip_prefix("_:")?;
    (!label.is_empty() && all_allowed(label)).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_means_scheme_and_clean_rest() {
        for good in ["https://a.test/ä?b#c", "urn:uuid:1", "did:key:z6Mk", "xsd:dateTime", "data:image/png;base64,AA=="]
        {
            assert!(is_absolute(good), "{good}");
        }
        for bad in ["", "abc", "/path", "#frag", "1a:b", "_:b0", "https://a.test/x y", "urn:<x>", "urn:a\u{a0}b"] {
            assert!(!is_absolute(bad), "{bad}");
        }
    }
}
