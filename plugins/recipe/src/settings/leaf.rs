//! Leaves: a measure over matched events, compared with a target.

use laurel_plugin::json::Value;

use super::model::{Leaf, Measure};
use super::parse::Parser;
use super::problems::At;
use crate::facts::Field;
use crate::matcher::{Match, Test};
use crate::window::{Unit, Window};

const KNOWN: [&str; 15] = [
    "id",
    "text",
    "measure",
    "unit",
    "events",
    "value",
    "at-least",
    "within",
    "each-year-at-least",
    "retract",
    "identity",
    "per",
    "groups",
    "standing",
    "result",
];

impl<'v> Parser<'v> {
    pub(super) fn leaf(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Leaf<'v>> {
        if !value.get("held").is_null() {
            return self.held(value, at);
        }
        let [
            id,
            text,
            measure,
            unit,
            events,
            field,
            target,
            within,
            each_year,
            retract,
            identity,
            per,
            groups,
            standing,
            result,
        ] = self.problems.members(value, at, KNOWN);
        let measure = self.measure(measure, unit, at);
        if target.is_null() {
            self.problems.add(at.name("at-least"), "is missing: the number to reach");
        }
        let target = self.problems.positive(target, at.name("at-least"));
        let events = self.matching(events, at.name("events"));
        let retract = if retract.is_null() { None } else { self.matching(retract, at.name("retract")) };
        let mut leaf = Leaf {
            id: self.id(id, at),
            text: self.problems.text(text, at.name("text")),
            measure,
            value: self.field(field, at.name("value")),
            events: events?,
            retract,
            identity: self.fields(identity, at.name("identity")),
            per: self.field(per, at.name("per")),
            groups: self.problems.whole(groups, at.name("groups")).unwrap_or(1),
            target: target?,
            window: self.window(within, at.name("within")),
            each_year: self.problems.positive(each_year, at.name("each-year-at-least")),
            standing: self.problems.flag(standing, at.name("standing")),
            held: Vec::new(),
            result: self.problems.text(result, at.name("result")),
        };
        self.complete(&mut leaf, at);
        Some(leaf)
    }

    /// What follows from other members, and what does not go together.
    fn complete(&mut self, leaf: &mut Leaf<'v>, at: At<'_>) {
        let needs_value = matches!(leaf.measure, Measure::Sum | Measure::Max | Measure::Latest | Measure::Distinct);
        if needs_value && leaf.value.is_none() {
            self.problems
                .add(at.name("value"), "is missing: the field to measure, such as score.raw or attributes.hours");
        }
        if !needs_value && leaf.value.is_some() {
            self.problems.add(at.name("value"), "means nothing here: this measure only counts events");
        }
        if leaf.per.is_none() && leaf.groups > 1 {
            self.problems.add(at.name("groups"), "needs `per`");
        }
        match leaf.measure {
            Measure::Distinct if !leaf.identity.is_empty() => {
                self.problems.add(at.name("identity"), "means nothing here: the value itself is what is told apart");
            }
            Measure::Distinct => leaf.identity.extend(leaf.value),
            Measure::Streak(_) if leaf.retract.is_some() || !leaf.identity.is_empty() || leaf.per.is_some() => {
                self.problems.add(at, "a streak takes no `retract`, `identity` or `per`");
            }
            Measure::Streak(unit) => leaf.identity.push(Field::Unit(unit)),
            _ if leaf.retract.is_some() && leaf.identity.is_empty() => leaf.identity.push(Field::ObjectId),
            _ => {}
        }
        if leaf.each_year.is_some() && leaf.window.and_then(Window::years).is_none() {
            self.problems.add(at.name("each-year-at-least"), "needs `within` in whole years, such as P3Y or P36M");
        }
    }

    /// `{"held": ID}`: a badge that is in force, by the host's own events.
    fn held(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Leaf<'v>> {
        let [id, text, held, need] = self.problems.members(value, at, ["id", "text", "held", "at-least"]);
        let held = self.texts(held, at.name("held"));
        let need = self.problems.whole(need, at.name("at-least"));
        if held.is_empty() {
            self.problems.add(at.name("held"), "must be the id of an achievement, or a list of them");
            return None;
        }
        let own = |kinds: &[&'static str]| Match {
            kinds: kinds.to_vec(),
            tests: vec![
                (Field::Source, Test::Prefix("laurel:")),
                (Field::Attribute("achievement"), Test::one_of(&held)),
            ],
        };
        Some(Leaf {
            id: self.id(id, at),
            text: self.problems.text(text, at.name("text")),
            measure: Measure::Count,
            value: None,
            events: own(&["badge.awarded", "badge.reinstated"]),
            retract: Some(own(&["badge.revoked", "badge.suspended", "badge.superseded"])),
            // An achievement is held while one of its awards is in force, whichever: keys of two rules may be alike, ids are not.
            identity: vec![Field::Attribute("award")],
            per: Some(Field::Attribute("achievement")),
            groups: need.unwrap_or(held.len()).min(held.len()),
            target: 1.0,
            window: None,
            each_year: None,
            standing: true,
            held,
            result: None,
        })
    }

    fn measure(&mut self, measure: &Value<'_>, unit: &Value<'_>, at: At<'_>) -> Measure {
        let words = [
            ("count", Measure::Count),
            ("sum", Measure::Sum),
            ("max", Measure::Max),
            ("latest", Measure::Latest),
            ("distinct", Measure::Distinct),
            ("streak", Measure::Streak(Unit::Day)),
        ];
        let units = [("day", Unit::Day), ("week", Unit::Week), ("month", Unit::Month)];
        let measure = self.problems.word(measure, at.name("measure"), &words).unwrap_or(Measure::Count);
        match (measure, self.problems.word(unit, at.name("unit"), &units)) {
            (Measure::Streak(_), Some(unit)) => Measure::Streak(unit),
            (Measure::Streak(_), None) => {
                self.problems.add(at.name("unit"), "is missing: day, week or month");
                measure
            }
            (_, Some(_)) => {
                self.problems.add(at.name("unit"), "belongs to a streak");
                measure
            }
            (_, None) => measure,
        }
    }

    fn window(&mut self, value: &Value<'_>, at: At<'_>) -> Option<Window> {
        if value.is_null() {
            return None;
        }
        let window = Window::read(value);
        if window.is_none() {
            self.problems.add(
                at,
                "must be a period such as P90D, P12M or P2Y, {\"days\": 90}, `calendar-year` or {\"calendar-years\": 2}",
            );
        }
        window
    }

    fn field(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Field<'v>> {
        if value.is_null() {
            return None;
        }
        let field = value.text().and_then(Field::read);
        if field.is_none() {
            self.problems.add(at, format!("must be a field: {}", Field::WORDS));
        }
        field
    }

    fn fields(&mut self, value: &'v Value<'v>, at: At<'_>) -> Vec<Field<'v>> {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().filter_map(|(index, item)| self.field(item, at.index(index))).collect()
            }
            one => self.field(one, at).into_iter().collect(),
        }
    }

    fn texts(&mut self, value: &'v Value<'v>, at: At<'_>) -> Vec<&'v str> {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().filter_map(|(index, item)| self.problems.text(item, at.index(index))).collect()
            }
            one => self.problems.text(one, at).into_iter().collect(),
        }
    }

    /// Which events: a kind, a list of kinds, or an object with more conditions.
    pub(super) fn matching(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Match<'v>> {
        if !matches!(value, Value::Object(_)) {
            return Some(Match { kinds: self.kinds(value, at)?, tests: Vec::new() });
        }
        let known = ["kinds", "object", "attributes", "score", "success", "completion", "source"];
        let [kinds, object, attributes, score, success, completion, source] = self.problems.members(value, at, known);
        let kinds = self.kinds(kinds, at.name("kinds"));
        let mut tests = Vec::new();
        for (group, members) in [("object", object), ("attributes", attributes), ("score", score)] {
            self.tests(group, members, at.name(group), &mut tests);
        }
        let single = [(Field::Success, success), (Field::Completion, completion), (Field::Source, source)];
        for ((field, value), name) in single.into_iter().zip(["success", "completion", "source"]) {
            if !value.is_null() {
                self.test(field, value, at.name(name), &mut tests);
            }
        }
        Some(Match { kinds: kinds?, tests })
    }

    fn tests(&mut self, group: &str, value: &'v Value<'v>, at: At<'_>, tests: &mut Vec<(Field<'v>, Test<'v>)>) {
        for (key, member) in value.members() {
            match Field::in_group(group, key) {
                Some(field) => self.test(field, member, at.name(key), tests),
                None => self.problems.add(at.name(key), format!("is not a field: {}", Field::WORDS)),
            }
        }
        if value.members().is_empty() && !value.is_null() {
            self.problems.add(at, "must be an object with at least one condition");
        }
    }

    fn test(&mut self, field: Field<'v>, value: &'v Value<'v>, at: At<'_>, tests: &mut Vec<(Field<'v>, Test<'v>)>) {
        match Test::read(value) {
            Some(test) => tests.push((field, test)),
            None => self.problems.add(
                at,
                "must be a value, a list of values, {\"prefix\": TEXT}, or {\"at-least\": NUMBER} and/or {\"at-most\": NUMBER}",
            ),
        }
    }

    fn kinds(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Vec<&'v str>> {
        let kinds = self.texts(value, at);
        if kinds.is_empty() {
            self.problems.add(at, "must be an event kind such as course.completed, or a list of them");
            return None;
        }
        for kind in &kinds {
            if kind.starts_with("laurel:") || !kind.contains('.') {
                self.problems.add(at, format!("`{kind}` is not an event kind: a noun, a dot and a past participle"));
            }
        }
        Some(kinds)
    }
}
