//! Which events count.

use std::borrow::Cow;

use laurel_plugin::json::Value;

use crate::facts::{Facts, Field};

/// Kinds, and conditions that must all hold.
#[derive(Debug)]
pub(crate) struct Match<'v> {
    pub(crate) kinds: Vec<&'v str>,
    pub(crate) tests: Vec<(Field<'v>, Test<'v>)>,
}

impl Match<'_> {
    /// Whether the kind alone fits: most events are dismissed here, unread.
    pub(crate) fn is_kind(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }

    pub(crate) fn matches(&self, facts: &Facts<'_>) -> bool {
        self.is_kind(facts.kind()) && self.tests.iter().all(|(field, test)| test.holds(facts, *field))
    }
}

/// A condition on one field.
#[derive(Debug)]
pub(crate) enum Test<'v> {
    OneOf(Vec<Cow<'v, str>>),
    Prefix(&'v str),
    Range { least: f64, most: f64 },
}

impl<'v> Test<'v> {
    pub(crate) fn one_of(values: &[&'v str]) -> Self {
        Self::OneOf(values.iter().map(|value| Cow::Borrowed(*value)).collect())
    }

    pub(crate) fn read(value: &'v Value<'v>) -> Option<Self> {
        match value {
            Value::Array(items) if !items.is_empty() => {
                items.iter().map(scalar).collect::<Option<_>>().map(Self::OneOf)
            }
            Value::Object(members) => match members.as_slice() {
                [(key, Value::String(prefix))] if key == "prefix" => Some(Self::Prefix(prefix)),
                members => {
                    let known = members.iter().all(|(key, _)| matches!(&**key, "at-least" | "at-most"));
                    let bound = |key: &str, open: f64| match value.get(key) {
                        Value::Null => Some(open),
                        bound => bound.number(),
                    };
                    let (least, most) = (bound("at-least", f64::NEG_INFINITY)?, bound("at-most", f64::INFINITY)?);
                    (known && !members.is_empty()).then_some(Self::Range { least, most })
                }
            },
            one => scalar(one).map(|one| Self::OneOf(vec![one])),
        }
    }

    fn holds(&self, facts: &Facts<'_>, field: Field<'_>) -> bool {
        match self {
            Self::OneOf(values) => {
                let Some(text) = facts.text(field) else { return false };
                // `90` and `90.0` are the same number in different words.
                let number = || facts.number(field);
                let same = |value: &Cow<'_, str>| {
                    *value == text || value.parse::<f64>().is_ok_and(|value| number() == Some(value))
                };
                values.iter().any(same)
            }
            Self::Prefix(prefix) => facts.text(field).is_some_and(|text| text.starts_with(prefix)),
            Self::Range { least, most } => facts.number(field).is_some_and(|number| (*least..=*most).contains(&number)),
        }
    }
}

fn scalar<'v>(value: &'v Value<'v>) -> Option<Cow<'v, str>> {
    match value {
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        value => value.id(),
    }
}
