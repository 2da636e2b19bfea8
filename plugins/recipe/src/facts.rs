//! What an event says, as far as recipes can ask.

use std::borrow::Cow;

use laurel_plugin::Event;
use laurel_plugin::json::{Malformed, Reader};

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

/// An event whose body has been looked through. Values stay the text they are until a condition asks for one: most are never
/// asked for, and this is done for every event.
pub(crate) struct Facts<'e> {
    event: &'e Event,
    object: Object<'e>,
    score: Score<'e>,
    success: Raw<'e>,
    completion: Raw<'e>,
    attributes: &'e str,
}

#[derive(Default)]
struct Object<'e> {
    kind: Raw<'e>,
    id: Raw<'e>,
    name: Raw<'e>,
}

#[derive(Default)]
struct Score<'e> {
    raw: Raw<'e>,
    max: Raw<'e>,
    scaled: Raw<'e>,
}

/// The text of a JSON value; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
struct Raw<'e>(&'e str);

impl<'e> Facts<'e> {
    pub(crate) fn read(event: &'e Event) -> Result<Self, Malformed> {
        let (object, score) = (Object::default(), Score::default());
        let none = Raw::default();
        let mut facts = Self { event, object, score, success: none, completion: none, attributes: "" };
        // An erased payload is `null`: it says nothing.
        let mut reader = Reader::new(&event.data);
        if !reader.at_object() && reader.skip()? == "null" {
            return reader.end().map(|()| facts);
        }
        reader.object()?;
        while let Some(key) = reader.key()? {
            match &*key {
                "object" => facts.object = Object::read(&mut reader)?,
                "score" => facts.score = Score::read(&mut reader)?,
                "success" => facts.success = Raw(reader.skip()?),
                "completion" => facts.completion = Raw(reader.skip()?),
                "attributes" => facts.attributes = reader.skip()?,
                _ => drop(reader.skip()?),
            }
        }
        reader.end()?;
        Ok(facts)
    }

    pub(crate) fn kind(&self) -> &'e str {
        &self.event.kind
    }

    /// The event's time; never later than its receipt, so that a clock that runs ahead cannot keep an event for ever.
    pub(crate) fn time(&self) -> i64 {
        self.event.time.min(self.event.received)
    }

    /// The field as text.
    pub(crate) fn text(&self, field: Field<'_>) -> Option<Cow<'e, str>> {
        match field {
            Field::Source => Some(Cow::Borrowed(&self.event.source)),
            Field::ScoreScaled => self.number(field).map(|number| Cow::Owned(number.to_string())),
            Field::Unit(unit) => Some(Cow::Owned(unit.index(self.time()).to_string())),
            _ => self.raw(field).text(),
        }
    }

    /// The field as a number. Some vendors write numbers as text.
    pub(crate) fn number(&self, field: Field<'_>) -> Option<f64> {
        match field {
            Field::ScoreScaled => self.score.scaled.number().or_else(|| {
                let max = self.score.max.number().filter(|max| *max > 0.0)?;
                Some(self.score.raw.number()? / max)
            }),
            #[expect(clippy::cast_precision_loss, reason = "days since 1970 are far below 2^53")]
            Field::Unit(unit) => Some(unit.index(self.time()) as f64),
            _ => self.raw(field).number(),
        }
    }

    fn raw(&self, field: Field<'_>) -> Raw<'e> {
        match field {
            Field::ObjectType => self.object.kind,
            Field::ObjectId => self.object.id,
            Field::ObjectName => self.object.name,
            Field::ScoreRaw => self.score.raw,
            Field::ScoreMax => self.score.max,
            Field::Success => self.success,
            Field::Completion => self.completion,
            Field::Attribute(name) => self.attribute(name).unwrap_or_default(),
            Field::Source | Field::ScoreScaled | Field::Unit(_) => Raw::default(),
        }
    }

    fn attribute(&self, name: &str) -> Option<Raw<'e>> {
        let mut found = None;
        // It was read before, so nothing is malformed in it; it may be no object.
        let _ = members(&mut Reader::new(self.attributes), |key, value| {
            if key == name {
                found = Some(value);
            }
        });
        found
    }
}

impl<'e> Object<'e> {
    fn read(reader: &mut Reader<'e>) -> Result<Self, Malformed> {
        let mut object = Self::default();
        members(reader, |key, value| match key {
            "type" => object.kind = value,
            "id" => object.id = value,
            "name" => object.name = value,
            _ => {}
        })?;
        Ok(object)
    }
}

impl<'e> Score<'e> {
    fn read(reader: &mut Reader<'e>) -> Result<Self, Malformed> {
        let mut score = Self::default();
        members(reader, |key, value| match key {
            "raw" => score.raw = value,
            "max" => score.max = value,
            "scaled" => score.scaled = value,
            _ => {}
        })?;
        Ok(score)
    }
}

/// Shows each member of an object; anything else has none. Of doubles the last counts.
fn members<'e>(reader: &mut Reader<'e>, mut show: impl FnMut(&str, Raw<'e>)) -> Result<(), Malformed> {
    if !reader.at_object() {
        return reader.skip().map(drop);
    }
    reader.object()?;
    while let Some(key) = reader.key()? {
        show(&key, Raw(reader.skip()?));
    }
    Ok(())
}

impl<'e> Raw<'e> {
    /// A string that is not empty, a number as it is written, or `true` or `false`.
    fn text(self) -> Option<Cow<'e, str>> {
        match self.0.as_bytes().first()? {
            b'"' => Reader::new(self.0).string().ok().filter(|text| !text.is_empty()),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.0)),
        }
    }

    fn number(self) -> Option<f64> {
        let text = match self.0.as_bytes().first()? {
            b'"' => Reader::new(self.0).string().ok()?,
            b'-' | b'0'..=b'9' => Cow::Borrowed(self.0),
            _ => return None,
        };
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }
}
