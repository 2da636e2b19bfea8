//! The JSON reader (RFC 8259, with the I-JSON restrictions of RFC 7493).

use std::borrow::Cow;
use std::collections::HashSet;

use super::number;
use super::value::{Object, Value};
use crate::Limits;
use crate::text::plain_run;

/// Why a text is not the JSON this crate works on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is larger than [`Limits::bytes`].
    #[error("the document has {size} bytes; at most {limit} are read")]
    TooLarge {
        /// Size of the text in bytes.
        size: usize,
        /// The limit in force.
        limit: usize,
    },
    /// The text is not UTF-8 (RFC 8259, section 8.1).
    #[error("the document is not UTF-8: byte {offset} starts no valid character")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// The text breaks the grammar of JSON.
    #[error("at byte {offset}: {expected}")]
    Syntax {
        /// Offset in bytes.
        offset: usize,
        /// What was expected there, in words.
        expected: &'static str,
    },
    /// Nesting beyond [`Limits::depth`].
    #[error("at {pointer}: nested deeper than {limit} levels")]
    TooDeep {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The limit in force.
        limit: usize,
    },
    /// More members and elements than [`Limits::nodes`].
    #[error("the document has more than {limit} values")]
    TooMany {
        /// The limit in force.
        limit: usize,
    },
    /// Two members of one object have the same name; readers disagree on which one counts.
    #[error("at {pointer}: the key {key:?} occurs twice")]
    DuplicateKey {
        /// The object, as a JSON pointer.
        pointer: String,
        /// The repeated name.
        key: String,
    },
    /// A number that a double cannot hold (RFC 8785, section 3.2.2.3, and RFC 7493, section 2.2).
    #[error("at {pointer}: the number {text} cannot be held exactly by an IEEE 754 double; write it as a string")]
    Number {
        /// Where, as a JSON pointer.
        pointer: String,
        /// The number as written, shortened.
        text: String,
    },
}

impl JsonError {
    /// Puts `segment` before the pointer of an error that travels up the tree.
    fn inside(mut self, segment: &str) -> Self {
        match &mut self {
            Self::TooDeep { pointer, .. } | Self::DuplicateKey { pointer, .. } | Self::Number { pointer, .. } => {
                *pointer = format!("/{}{pointer}", crate::pointer::escape(segment));
            }
            Self::TooLarge { .. } | Self::NotUtf8 { .. } | Self::Syntax { .. } | Self::TooMany { .. } => {}
        }
        self
    }
}

/// Reads one JSON text.
pub(crate) fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Value<'a>, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLarge { size: bytes.len(), limit: limits.bytes });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, depth: 0, nodes: 0, open: Vec::new(), limits };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.syntax("the end of the document"));
    }
    Ok(value)
}

struct Reader<'a, 'l> {
    text: &'a str,
    at: usize,
    depth: usize,
    nodes: usize,
    /// Members of the objects that are not at their end yet: an object's list is then made in its size.
    open: Vec<(Cow<'a, str>, Value<'a>)>,
    limits: &'l Limits,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn syntax(&self, expected: &'static str) -> JsonError {
        JsonError::Syntax { offset: self.at, expected }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        self.space();
        if self.peek() != Some(byte) {
            return Err(self.syntax(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Result<Value<'a>, JsonError> {
        self.space();
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(JsonError::TooMany { limit: self.limits.nodes });
        }
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.syntax("a JSON value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value<'a>, JsonError>) -> Result<Value<'a>, JsonError> {
        self.at += 1;
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(JsonError::TooDeep { pointer: String::new(), limit: self.limits.depth });
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, JsonError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.syntax("true, false or null"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(&mut self) -> Result<Value<'a>, JsonError> {
        let first = self.open.len();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Object::default()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.syntax("a quoted member name"));
            }
            let key = self.string()?;
            self.expect(b':', "a colon")?;
            let value = self.value().map_err(|error| error.inside(&key))?;
            self.open.push((key, value));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break self.at += 1,
                _ => return Err(self.syntax("a comma or a closing brace")),
            }
        }
        no_duplicates(&self.open[first..])?;
        Ok(Value::Object(Object { members: self.open.drain(first..).collect() }))
    }

    fn array(&mut self) -> Result<Value<'a>, JsonError> {
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            let item = self.value().map_err(|error| error.inside(&items.len().to_string()))?;
            items.push(item);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break self.at += 1,
                _ => return Err(self.syntax("a comma or a closing bracket")),
            }
        }
        Ok(Value::Array(items))
    }

    fn number(&mut self) -> Result<Value<'a>, JsonError> {
        let rest = &self.text[self.at..];
        let length = number::literal_length(rest.as_bytes()).ok_or_else(|| self.syntax("a JSON number"))?;
        let literal = &rest[..length];
        let value = number::exact(literal)
            .ok_or_else(|| JsonError::Number { pointer: String::new(), text: literal.chars().take(40).collect() })?;
        self.at += length;
        Ok(Value::Number(value))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let start = self.at;
        let length = self.plain_run();
        self.at += length;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..start + length]));
        }
        let mut owned = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => break self.at += 1,
                Some(b'\\') => {
                    self.at += 1;
                    owned.push(self.escape()?);
                }
                _ => return Err(self.syntax("a closing quote; control characters must be escaped")),
            }
            let length = self.plain_run();
            owned.push_str(&self.text[self.at..self.at + length]);
            self.at += length;
        }
        Ok(Cow::Owned(owned))
    }

    /// Length of the run of characters that stand for themselves.
    fn plain_run(&self) -> usize {
        plain_run(&self.text.as_bytes()[self.at..], 0x20..=0xff, *b"\"\\")
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let escaped = self.peek();
        self.at += 1;
        Ok(match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return Err(self.syntax("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"));
            }
        })
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self.four_digits()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let pair = (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u");
        if !pair {
            return Err(self.syntax("the second half of a surrogate pair"));
        }
        self.at += 2;
        let second = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.syntax("the second half of a surrogate pair"));
        }
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(code).ok_or_else(|| self.syntax("a Unicode character"))
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let code = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)).and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            u32::from_str_radix(text, 16).ok()
        });
        let code = code.ok_or_else(|| self.syntax("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

fn no_duplicates(members: &[(Cow<'_, str>, Value<'_>)]) -> Result<(), JsonError> {
    let twice = if members.len() <= 24 {
        let mut pairs = members.iter().enumerate();
        pairs.find(|(index, (key, _))| members[..*index].iter().any(|(other, _)| other == key)).map(|(_, found)| found)
    } else {
        let mut seen = HashSet::with_capacity(members.len());
        members.iter().find(|(key, _)| !seen.insert(key.as_ref()))
    };
    match twice {
        None => Ok(()),
        Some((key, _)) => Err(JsonError::DuplicateKey { pointer: String::new(), key: key.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value<'_>, JsonError> {
        parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn escapes_are_decoded() {
        let value = read(r#""a\u00e9\ud83d\ude00\n""#).unwrap();
        assert_eq!(value.as_str(), Some("aé😀\n"));
    }

    #[test]
    fn a_duplicate_key_is_named_with_its_place() {
        let error = read(r#"{"a":[{"b":1,"b":2}]}"#).unwrap_err();
        assert_eq!(error.to_string(), "at /a/0: the key \"b\" occurs twice");
    }

    #[test]
    fn numbers_beyond_doubles_are_refused() {
        for text in ["9007199254740993", "1e400", "-1e999", "1e-400", "123456789012345678901"] {
            assert!(matches!(read(text), Err(JsonError::Number { .. })), "{text}");
        }
        for text in ["9007199254740992", "1e30", "0.1", "333333333.33333329", "-0", "0e500"] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn broken_texts_are_refused() {
        for text in
            ["", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "\"\t\"", "\"\\ud800\"", "\"\\x\"", "[] []"]
        {
            assert!(matches!(read(text), Err(JsonError::Syntax { .. })), "{text}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = "[".repeat(100_000);
        assert!(matches!(read(&deep), Err(JsonError::TooDeep { .. })));
        let large = vec![b' '; 5 << 20];
        assert!(matches!(parse(&large, &Limits::default()), Err(JsonError::TooLarge { .. })));
    }
}
