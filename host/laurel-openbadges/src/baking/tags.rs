//! The tags of an XML document, one after the other: as much of XML as finding an element needs.
//!
//! No entities are defined, so that nothing expands: a document type with an internal subset is refused.

use super::BakingError;

/// A tag with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// Name as written, with its prefix.
    pub(super) name: &'t str,
    /// What stands between the name and the closing bracket.
    pub(super) attributes: &'t str,
    pub(super) kind: TagKind,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Open,
    Close,
    Empty,
}

/// The next tag at or after `from`, skipping text, comments, CDATA and instructions.
pub(super) fn next_tag(text: &str, from: usize) -> Result<Option<Tag<'_>>, BakingError> {
    let mut at = from;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        let skip = |end: &str| rest.find(end).map(|found| start + found + end.len());
        let cut = BakingError::Svg("a comment, section or instruction does not end");
        if rest.starts_with("<!--") {
            at = skip("-->").ok_or(cut)?;
        } else if rest.starts_with("<![CDATA[") {
            at = skip("]]>").ok_or(cut)?;
        } else if rest.starts_with("<?") {
            at = skip("?>").ok_or(cut)?;
        } else if rest.starts_with("<!") {
            at = skip(">").ok_or(cut)?;
            if text[start..at].contains('[') {
                return Err(BakingError::Svg("its document type defines entities"));
            }
        } else {
            return tag(text, start).map(Some);
        }
    }
    Ok(None)
}

fn tag(text: &str, start: usize) -> Result<Tag<'_>, BakingError> {
    let close = text[start + 1..].starts_with('/');
    let inner = start + 1 + usize::from(close);
    let mut quote = None;
    let end = text[inner..].char_indices().find(|(_, character)| match (quote, character) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(*character);
            false
        }
        (Some(open), character) if open == *character => {
            quote = None;
            false
        }
        _ => false,
    });
    let end = inner + end.ok_or(BakingError::Svg("a tag does not end"))?.0;
    let body = &text[inner..end];
    let (body, empty) = body.strip_suffix('/').map_or((body, false), |body| (body, true));
    let (name, attributes) = body.split_at(body.find(char::is_whitespace).unwrap_or(body.len()));
    if name.is_empty() {
        return Err(BakingError::Svg("a tag has no name"));
    }
    let kind = match (close, empty) {
        (true, _) => TagKind::Close,
        (false, true) => TagKind::Empty,
        (false, false) => TagKind::Open,
    };
    Ok(Tag { name, attributes, kind, start, end: end + 1 })
}

impl<'t> Tag<'t> {
    /// The value of an attribute, as written.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&'t str> {
        let mut rest = self.attributes;
        while let Some((name, after)) = rest.split_once('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|character| matches!(character, '"' | '\''))?;
            let (value, remainder) = after[1..].split_once(quote)?;
            if name.trim() == wanted {
                return Some(value);
            }
            rest = remainder;
        }
        None
    }
}

/// Text with the five predefined entities and character references resolved.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, remainder) = after.split_once(';')?;
        out.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let digits = other.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = remainder;
    }
    out.push_str(rest);
    Some(out)
}

/// Text as it may stand in an attribute or between tags.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
