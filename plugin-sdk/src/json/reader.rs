//! A pull reader over JSON text (RFC 8259), without allocation except for strings with escapes.

use std::borrow::Cow;

/// Deeper nesting is refused: no event of any vendor comes near, and a guest's stack is 64 KiB.
const MAX_DEPTH: usize = 64;

/// The text is not JSON, or nested deeper than 64 levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Where, in bytes.
    pub offset: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not readable JSON: expected {} at byte {}", self.expected, self.offset)
    }
}

impl std::error::Error for Malformed {}

/// Reads JSON text piece by piece: what is not wanted is skipped, not built.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    fresh: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, fresh: true }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(super) fn fail<T>(&self, expected: &'static str) -> Result<T, Malformed> {
        Err(Malformed { offset: self.at, expected })
    }

    /// The first byte of what comes next, after white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return self.fail(expected);
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn open(&mut self, bracket: u8, expected: &'static str) -> Result<(), Malformed> {
        self.expect(bracket, expected)?;
        self.depth += 1;
        self.fresh = true;
        if self.depth > MAX_DEPTH { self.fail("less nesting") } else { Ok(()) }
    }

    /// After the opening bracket or an element: whether another one follows. Closes at the closing bracket.
    pub(super) fn more(&mut self, close: u8) -> Result<bool, Malformed> {
        let fresh = std::mem::replace(&mut self.fresh, false);
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !fresh => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if fresh => Ok(true),
            _ => self.fail("`,` or a closing bracket"),
        }
    }

    /// Whether an object comes next.
    pub fn at_object(&mut self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Begins an object; then call [`key`](Self::key) until it gives `None`, and read or skip one value after each.
    pub fn object(&mut self) -> Result<(), Malformed> {
        self.open(b'{', "an object")
    }

    /// The next key of the object begun last, or `None` at its end.
    pub fn key(&mut self) -> Result<Option<Cow<'a, str>>, Malformed> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        let key = self.string()?;
        self.expect(b':', "`:`")?;
        Ok(Some(key))
    }

    /// A string.
    pub fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.expect(b'"', "a string")?;
        let start = self.at;
        match self.next_special() {
            Some(b'"') => {
                let text = &self.text[start..self.at];
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped(start).map(Cow::Owned),
            _ => self.fail("the end of a string"),
        }
    }

    /// Goes to the next byte that is not plain text of a string: a quote, a backslash or a control character.
    fn next_special(&mut self) -> Option<u8> {
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        let plain = plain(rest);
        self.at += plain;
        rest.get(plain).copied()
    }

    /// The rest of a string that began at `start` and has its first escape here.
    fn escaped(&mut self, start: usize) -> Result<String, Malformed> {
        let mut out = String::from(&self.text[start..self.at]);
        let mut run = self.at;
        loop {
            let special = self.next_special();
            out.push_str(&self.text[run..self.at]);
            match special {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                    run = self.at;
                }
                _ => return self.fail("the end of a string"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let Some(byte) = self.bytes().get(self.at) else { return self.fail("an escape") };
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return self.fail("an escape"),
        })
    }

    /// `\uXXXX`, or two of them for what lies beyond the first plane. A lone surrogate becomes U+FFFD.
    fn unicode(&mut self) -> Result<char, Malformed> {
        let high = self.four()?;
        if !(0xD800..0xDC00).contains(&high) || !self.text[self.at..].starts_with("\\u") {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let back = self.at;
        self.at += 2;
        let low = self.four()?;
        if !(0xDC00..0xE000).contains(&low) {
            self.at = back;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let scalar = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four(&mut self) -> Result<u32, Malformed> {
        let digits = self.bytes().get(self.at..self.at + 4).unwrap_or_default();
        if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return self.fail("four hexadecimal digits");
        }
        self.at += 4;
        Ok(digits.iter().fold(0, |sum, digit| sum * 16 + char::from(*digit).to_digit(16).unwrap_or(0)))
    }

    /// A number, as it is written.
    pub fn number(&mut self) -> Result<&'a str, Malformed> {
        self.peek();
        let start = self.at;
        self.skip_if(b'-');
        if !self.skip_if(b'0') {
            self.digits()?;
        }
        if self.skip_if(b'.') {
            self.digits()?;
        }
        if self.skip_if(b'e') || self.skip_if(b'E') {
            let _ = self.skip_if(b'+') || self.skip_if(b'-');
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn skip_if(&mut self, byte: u8) -> bool {
        let there = self.bytes().get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { self.fail("a digit") } else { Ok(()) }
    }

    pub(super) fn literal(&mut self, word: &'static str) -> Result<(), Malformed> {
        if !self.text[self.at..].starts_with(word) {
            return self.fail("a value");
        }
        self.at += word.len();
        Ok(())
    }

    /// Skips one value and returns its text.
    pub fn skip(&mut self) -> Result<&'a str, Malformed> {
        let first = self.peek();
        let start = self.at;
        match first {
            Some(b'{') => {
                self.object()?;
                while self.key()?.is_some() {
                    self.skip()?;
                }
            }
            Some(b'[') => {
                self.open(b'[', "an array")?;
                while self.more(b']')? {
                    self.skip()?;
                }
            }
            Some(b'"') => drop(self.string()?),
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => drop(self.number()?),
        }
        Ok(&self.text[start..self.at])
    }

    /// Nothing but white space may be left.
    pub fn end(&mut self) -> Result<(), Malformed> {
        if self.peek().is_some() { self.fail("the end") } else { Ok(()) }
    }
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// How many bytes at the beginning of `text` are plain text of a string. Eight at a time, because most of an event is text that
/// nobody asks for.
fn plain(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let tail = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
    words.len() * 8 + tail
}

/// The highest bit of every byte that is special, up to and including the first such byte; above it the subtractions may carry.
fn special(word: u64) -> u64 {
    // No byte below 0x80 becomes one above, or the other way round: `!word` serves all three.
    let is = |byte: u8| (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    (is(b'"') | is(b'\\') | control) & !word & HIGH
}
