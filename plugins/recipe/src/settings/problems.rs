//! Where in the settings something is, without allocating until it is wrong.

use std::fmt::Write as _;

use laurel_plugin::criteria::Problem;
use laurel_plugin::json::Value;

/// A place in the settings.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    parent: Option<&'p At<'p>>,
    key: Key<'p>,
}

#[derive(Clone, Copy)]
enum Key<'p> {
    Root,
    Name(&'p str),
    Index(usize),
}

impl<'p> At<'p> {
    pub(super) const ROOT: At<'static> = At { parent: None, key: Key::Root };

    pub(super) fn name(&'p self, name: &'p str) -> At<'p> {
        At { parent: Some(self), key: Key::Name(name) }
    }

    pub(super) fn index(&'p self, index: usize) -> At<'p> {
        At { parent: Some(self), key: Key::Index(index) }
    }

    /// The JSON pointer (RFC 6901).
    fn pointer(&self) -> String {
        let mut pointer = self.parent.map(At::pointer).unwrap_or_default();
        match self.key {
            Key::Root => {}
            Key::Name(name) => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Key::Index(index) => {
                let _ = write!(pointer, "/{index}");
            }
        }
        pointer
    }

    /// The place as an id: `2.1` for the first child of the second.
    pub(super) fn path_id(&self) -> String {
        let above = self.parent.map(At::path_id).unwrap_or_default();
        match self.key {
            Key::Index(index) if above.is_empty() => (index + 1).to_string(),
            Key::Index(index) => format!("{above}.{}", index + 1),
            Key::Name("renewal") => "renewal".into(),
            _ => above,
        }
    }
}

/// What was found wrong so far.
#[derive(Default)]
pub(super) struct Problems(pub(super) Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, at: At<'_>, message: impl Into<String>) {
        self.0.push(Problem { pointer: at.pointer(), message: message.into() });
    }

    /// The members of an object with these names, in their order, `Null` where missing; of doubles the last. No others may be there.
    pub(super) fn members<'v, const N: usize>(
        &mut self,
        value: &'v Value<'v>,
        at: At<'_>,
        known: [&str; N],
    ) -> [&'v Value<'v>; N] {
        let mut found = [&Value::Null; N];
        if !matches!(value, Value::Object(_)) {
            self.add(at, "must be an object");
        }
        for (key, member) in value.members() {
            match known.iter().position(|name| name == key) {
                Some(index) => found[index] = member,
                None => self.add(at.name(key), format!("is not known here; known are {}", known.join(", "))),
            }
        }
        found
    }

    /// Text that is not empty, if it is there.
    pub(super) fn text<'v>(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<&'v str> {
        match value {
            Value::Null => None,
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.add(at, "must be a text that is not empty");
                None
            }
        }
    }

    /// A whole number of at least 1, if it is there.
    pub(super) fn whole(&mut self, value: &Value<'_>, at: At<'_>) -> Option<usize> {
        if value.is_null() {
            return None;
        }
        let whole = value.integer().filter(|whole| (1..=1_000_000).contains(whole));
        if whole.is_none() {
            self.add(at, "must be a whole number from 1 to 1000000");
        }
        whole.and_then(|whole| usize::try_from(whole).ok())
    }

    /// A number above 0, if it is there.
    pub(super) fn positive(&mut self, value: &Value<'_>, at: At<'_>) -> Option<f64> {
        if value.is_null() {
            return None;
        }
        let number = value.number().filter(|number| *number > 0.0);
        if number.is_none() {
            self.add(at, "must be a number above 0");
        }
        number
    }

    /// `true` or `false`, if it is there.
    pub(super) fn flag(&mut self, value: &Value<'_>, at: At<'_>) -> bool {
        if !value.is_null() && value.bool().is_none() {
            self.add(at, "must be true or false");
        }
        value.bool().unwrap_or(false)
    }

    /// One of these words, if it is there.
    pub(super) fn word<T: Copy>(&mut self, value: &Value<'_>, at: At<'_>, words: &[(&str, T)]) -> Option<T> {
        if value.is_null() {
            return None;
        }
        let found = words.iter().find(|(word, _)| value.text() == Some(word));
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.add(at, format!("must be one of {}", words.join(", ")));
        }
        found.map(|(_, meaning)| *meaning)
    }
}
