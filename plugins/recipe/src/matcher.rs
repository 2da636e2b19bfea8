//! Which events count, and what of them.

use std::borrow::Cow;

use laurel_plugin::Event;
use laurel_plugin::json::{Malformed, Reader, Value};

use crate::window::Unit;

/// Something an event says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Field<'v> {
    Source,
    ObjectType,
    ObjectId,
    ObjectName,
    ScoreRaw,
    ScoreMax,
    /// `score.scaled`, or raw by max.
    ScoreScaled,
    Success,
    Completion,
    Attribute(&'v str),
    /// The day, week or month of its time.
    Unit(Unit),
}

impl<'v> Field<'v> {
    /// The fields in words, for problems.
    pub(crate) const WORDS: &'static str = "source, object.type, object.id, object.name, score.raw, score.max, score.scaled, success, completion, \
         attributes.NAME, day, week, month";

    /// A field by its path.
    pub(crate) fn read(path: &'v str) -> Option<Self> {
        match path {
            "source" => Some(Self::Source),
            "success" => Some(Self::Success),
            "completion" => Some(Self::Completion),
            "day" => Some(Self::Unit(Unit::Day)),
            "week" => Some(Self::Unit(Unit::Week)),
            "month" => Some(Self::Unit(Unit::Month)),
            _ => path.split_once('.').and_then(|(group, key)| Self::in_group(group, key)),
        }
    }

    /// A field by the member of the event's body it is in.
    pub(crate) fn in_group(group: &str, key: &'v str) -> Option<Self> {
        Some(match (group, key) {
            ("object", "type") => Self::ObjectType,
            ("object", "id") => Self::ObjectId,
            ("object", "name") => Self::ObjectName,
            ("score", "raw") => Self::ScoreRaw,
            ("score", "max") => Self::ScoreMax,
            ("score", "scaled") => Self::ScoreScaled,
            ("attributes", name) if !name.is_empty() => Self::Attribute(name),
            _ => return None,
        })
    }
}

/// An event whose body has been read as far as recipes need it: what the vendor said originally is skipped.
pub(crate) struct Facts<'e> {
    event: &'e Event,
    object: Value<'e>,
    score: Value<'e>,
    success: Value<'e>,
    completion: Value<'e>,
    attributes: Value<'e>,
}

impl<'e> Facts<'e> {
    pub(crate) fn read(event: &'e Event) -> Result<Self, Malformed> {
        let mut facts = Self {
            event,
            object: Value::Null,
            score: Value::Null,
            success: Value::Null,
            completion: Value::Null,
            attributes: Value::Null,
        };
        // An erased payload is `null`: it says nothing.
        if event.data.trim() == "null" {
            return Ok(facts);
        }
        let mut reader = Reader::new(&event.data);
        reader.object()?;
        while let Some(key) = reader.key()? {
            let member = match &*key {
                "object" => &mut facts.object,
                "score" => &mut facts.score,
                "success" => &mut facts.success,
                "completion" => &mut facts.completion,
                "attributes" => &mut facts.attributes,
                _ => {
                    reader.skip()?;
                    continue;
                }
            };
            *member = Value::read(&mut reader)?;
        }
        reader.end()?;
        Ok(facts)
    }

    pub(crate) fn kind(&self) -> &str {
        &self.event.kind
    }

    /// The event's time; never later than its receipt, so that a clock that runs ahead cannot keep an event for ever.
    pub(crate) fn time(&self) -> i64 {
        self.event.time.min(self.event.received)
    }

    /// The field as text.
    pub(crate) fn text(&self, field: Field<'_>) -> Option<Cow<'_, str>> {
        match field {
            Field::Source => Some(Cow::Borrowed(&self.event.source)),
            Field::ScoreScaled => self.number(field).map(|number| Cow::Owned(number.to_string())),
            Field::Unit(unit) => Some(Cow::Owned(unit.index(self.time()).to_string())),
            _ => match self.value(field) {
                Value::Bool(true) => Some(Cow::Borrowed("true")),
                Value::Bool(false) => Some(Cow::Borrowed("false")),
                value => value.id(),
            },
        }
    }

    /// The field as a number. Some vendors write numbers as text.
    pub(crate) fn number(&self, field: Field<'_>) -> Option<f64> {
        let number = |value: &Value<'_>| match value {
            Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            value => value.number(),
        };
        match field {
            Field::ScoreScaled => number(self.score.get("scaled")).or_else(|| {
                let max = number(self.score.get("max")).filter(|max| *max > 0.0)?;
                Some(number(self.score.get("raw"))? / max)
            }),
            #[expect(clippy::cast_precision_loss, reason = "days since 1970 are far below 2^53")]
            Field::Unit(unit) => Some(unit.index(self.time()) as f64),
            _ => number(self.value(field)),
        }
    }

    fn value(&self, field: Field<'_>) -> &Value<'e> {
        match field {
            Field::ObjectType => self.object.get("type"),
            Field::ObjectId => self.object.get("id"),
            Field::ObjectName => self.object.get("name"),
            Field::ScoreRaw => self.score.get("raw"),
            Field::ScoreMax => self.score.get("max"),
            Field::Success => &self.success,
            Field::Completion => &self.completion,
            Field::Attribute(name) => self.attributes.get(name),
            Field::Source | Field::ScoreScaled | Field::Unit(_) => &Value::Null,
        }
    }
}

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
        self.is_kind(&facts.event.kind) && self.tests.iter().all(|(field, test)| test.holds(facts, *field))
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
