//! The JSON value: strings borrowed from the input where they hold no escape.

use std::borrow::Cow;

/// A JSON value whose strings borrow from the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

/// An object: members in the order of the text, keys distinct.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object<'a> {
    pub(crate) members: Vec<(Cow<'a, str>, Value<'a>)>,
}

impl<'a> Value<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    /// The elements of an array, or the value itself as the only element: JSON-LD treats both alike.
    pub(crate) fn as_slice(&self) -> &[Value<'a>] {
        if let Value::Array(items) = self { items } else { std::slice::from_ref(self) }
    }

    /// Whether `wanted` is this string or one of the strings of this array.
    pub(crate) fn names(&self, wanted: &str) -> bool {
        self.as_slice().iter().any(|item| item.as_str() == Some(wanted))
    }

    /// What kind of value this is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(crate) fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// This object without some members.
    pub(crate) fn without(&self, keys: &[&str]) -> Object<'a> {
        Object { members: self.members.iter().filter(|(name, _)| !keys.contains(&name.as_ref())).cloned().collect() }
    }

    /// Sets a member, replacing an earlier one of that name.
    pub(crate) fn set(&mut self, key: &'a str, value: Value<'a>) {
        self.members.retain(|(name, _)| name != key);
        self.members.push((Cow::Borrowed(key), value));
    }
}
