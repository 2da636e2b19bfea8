//! JSON values that borrow from their text.

use std::borrow::Cow;

use super::{Malformed, Reader};

/// A JSON value. Numbers stay text: an id beyond 2^53 survives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// `null`; also what [`Value::at`] finds where nothing is.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A string, unescaped.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object, in the order of its text.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

const NULL: &Value<'static> = &Value::Null;

impl<'a> Value<'a> {
    /// Parses a whole document.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let mut reader = Reader::new(text);
        let value = Self::read(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    /// Parses a whole document from bytes, which must be UTF-8.
    pub fn parse_bytes(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let utf8 = |error: std::str::Utf8Error| Malformed { offset: error.valid_up_to(), expected: "UTF-8" };
        Self::parse(std::str::from_utf8(bytes).map_err(utf8)?)
    }

    /// Reads the next value.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        match reader.peek() {
            Some(b'{') => {
                reader.object()?;
                let mut members = Vec::new();
                while let Some(key) = reader.key()? {
                    members.push((key, Self::read(reader)?));
                }
                Ok(Self::Object(members))
            }
            Some(b'[') => {
                reader.open(b'[', "an array")?;
                let mut items = Vec::new();
                while reader.more(b']')? {
                    items.push(Self::read(reader)?);
                }
                Ok(Self::Array(items))
            }
            Some(b'"') => reader.string().map(Self::String),
            Some(b't') => reader.literal("true").map(|()| Self::Bool(true)),
            Some(b'f') => reader.literal("false").map(|()| Self::Bool(false)),
            Some(b'n') => reader.literal("null").map(|()| Self::Null),
            Some(b'-' | b'0'..=b'9') => reader.number().map(Self::Number),
            _ => reader.fail("a value"),
        }
    }

    /// The member of an object; of doubles the last, as everywhere. `Null` where it is missing.
    pub fn get(&self, key: &str) -> &Self {
        match self {
            Self::Object(members) => {
                members.iter().rev().find(|(name, _)| name == key).map_or(NULL, |(_, value)| value)
            }
            _ => NULL,
        }
    }

    /// What a path of keys leads to. `Null` where it leads nowhere.
    pub fn at(&self, path: &[&str]) -> &Self {
        path.iter().fold(self, |value, key| value.get(key))
    }

    /// Whether it is `null` or missing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string that is not empty, or of a number as it is written: what vendors use as ids.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Borrowed(number)),
            _ => None,
        }
    }

    /// An integer that fits.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    /// A finite number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// `true` or `false`
    pub fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(bool) => Some(*bool),
            _ => None,
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }
}
