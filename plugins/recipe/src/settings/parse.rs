//! The document and its trees.

use std::borrow::Cow;

use laurel_plugin::criteria::Problem;
use laurel_plugin::json::Value;

use super::model::{Extends, Leaf, Maintain, Node, Plan, Points, Renewal, RenewalRule};
use super::problems::{At, Problems};
use crate::hash::hash;
use crate::window::Span;

/// More would not be a criterion that anybody understands.
const MAX_LEAVES: usize = 64;
const MAX_DEPTH: usize = 8;
/// An id is part of the keys of points, and a key has at most 255 bytes.
const MAX_ID: usize = 100;
/// What the host takes.
const MAX_POINTS: i64 = 1_000_000_000;

/// Reads nodes; gathers leaves and problems on the way.
pub(super) struct Parser<'v> {
    pub(super) problems: Problems,
    pub(super) leaves: Vec<Leaf<'v>>,
    has_not: bool,
}

impl<'v> Plan<'v> {
    /// Reads a recipe, or tells everything that is wrong with it.
    pub(crate) fn read(settings: &'v Value<'v>, text: &str) -> Result<Self, Vec<Problem>> {
        let mut parser = Parser { problems: Problems::default(), leaves: Vec::new(), has_not: false };
        let plan = parser.document(settings, text);
        match plan {
            Some(plan) if parser.problems.0.is_empty() => Ok(Plan { leaves: parser.leaves, ..plan }),
            _ => Err(parser.problems.0),
        }
    }
}

impl<'v> Parser<'v> {
    fn document(&mut self, settings: &'v Value<'v>, text: &str) -> Option<Plan<'v>> {
        const KNOWN: [&str; 7] = ["requirement", "valid", "renewal", "maintain", "repeat", "revoke-on", "points"];
        let root = At::ROOT;
        let [requirement, valid, renewal, maintain, repeat, revoke_on, points] =
            self.problems.members(settings, root, KNOWN);
        let main = self.node(requirement, root.name("requirement"), 0);
        let words = [("none", Maintain::None), ("suspend", Maintain::Suspend), ("revoke", Maintain::Revoke)];
        let maintain = self.problems.word(maintain, root.name("maintain"), &words);
        let yearly = self.problems.word(repeat, root.name("repeat"), &[("calendar-year", true)]);
        let valid = self.span(valid, root.name("valid"));
        let renewal = self.renewal(renewal, valid, root.name("renewal"));
        let revoke_on = (!revoke_on.is_null()).then(|| self.matching(revoke_on, root.name("revoke-on")));
        let points = self.points(points, root.name("points"));
        let maintain = maintain.unwrap_or(Maintain::None);
        let yearly = yearly.unwrap_or(false);
        self.conflicts(maintain, yearly, valid.is_some());
        self.unique_ids();
        Some(Plan {
            leaves: Vec::new(),
            main: main?,
            renewal,
            valid,
            maintain,
            yearly,
            revoke_on: revoke_on.flatten(),
            points,
            has_not: self.has_not,
            fingerprint: hash(&[text.as_bytes()]),
        })
    }

    fn conflicts(&mut self, maintain: Maintain, yearly: bool, valid: bool) {
        if valid && maintain != Maintain::None {
            self.problems.add(
                At::ROOT.name("maintain"),
                "cannot stand beside `valid`: an award either expires or lasts as long as its requirement is met",
            );
        }
        if yearly && (valid || maintain != Maintain::None) {
            self.problems.add(At::ROOT.name("repeat"), "cannot stand beside `valid` or `maintain`");
        }
        if maintain != Maintain::None && self.leaves.iter().any(|leaf| leaf.each_year.is_some()) {
            self.problems.add(At::ROOT.name("maintain"), "cannot stand beside `each-year-at-least`");
        }
    }

    fn unique_ids(&mut self) {
        for (index, leaf) in self.leaves.iter().enumerate() {
            if self.leaves[..index].iter().any(|other| other.id == leaf.id) {
                self.problems.add(At::ROOT, format!("two requirements have the id `{}`", leaf.id));
            }
        }
    }

    /// One node of a tree.
    pub(super) fn node(&mut self, value: &'v Value<'v>, at: At<'_>, depth: usize) -> Option<Node<'v>> {
        if !matches!(value, Value::Object(_)) {
            self.problems.add(at, "must be an object: all, any, at-least with of, not, held, or a measure of events");
            return None;
        }
        if depth > MAX_DEPTH {
            self.problems.add(at, format!("is nested more than {MAX_DEPTH} levels deep"));
            return None;
        }
        // Should two of them be there, the second is unknown beside the first.
        for (key, _) in value.members() {
            match &**key {
                "all" => return self.group(value, ["id", "text", "all"], at, depth),
                "any" => return self.group(value, ["id", "text", "any"], at, depth),
                "of" => return self.group(value, ["id", "text", "of", "at-least"], at, depth),
                "not" => return self.negation(value, at, depth),
                _ => {}
            }
        }
        if self.leaves.len() >= MAX_LEAVES {
            self.problems.add(at, format!("is one requirement too many: {MAX_LEAVES} are the most"));
            return None;
        }
        let leaf = self.leaf(value, at)?;
        self.leaves.push(leaf);
        Some(Node::Leaf(self.leaves.len() - 1))
    }

    fn negation(&mut self, value: &'v Value<'v>, at: At<'_>, depth: usize) -> Option<Node<'v>> {
        let [inner] = self.problems.members(value, at, ["not"]);
        self.has_not = true;
        Some(Node::Not(Box::new(self.node(inner, at.name("not"), depth + 1)?)))
    }

    /// The third of the known members is the list.
    fn group<const N: usize>(
        &mut self,
        value: &'v Value<'v>,
        known: [&str; N],
        at: At<'_>,
        depth: usize,
    ) -> Option<Node<'v>> {
        let members = self.problems.members(value, at, known);
        let (key, list) = (known[2], at.name(known[2]));
        let items = members[2].items();
        if items.is_empty() {
            self.problems.add(list, "must be a list of at least one requirement");
        }
        let mut children = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            children.extend(self.node(item, list.index(index), depth + 1));
        }
        let need = match key {
            "all" => items.len(),
            "any" => 1,
            _ => self.at_least_of(members[3], items.len(), at.name("at-least")),
        };
        let id = self.id(members[0], at);
        let text = self.problems.text(members[1], at.name("text"));
        (children.len() == items.len()).then_some(Node::Group { id, text, need, children })
    }

    fn at_least_of(&mut self, value: &Value<'_>, most: usize, at: At<'_>) -> usize {
        let need = self.problems.whole(value, at);
        if need.is_none_or(|need| need > most) && !(value.is_null() && most == 0) {
            self.problems.add(at, format!("must say how many of the {most} are needed"));
        }
        need.unwrap_or(1)
    }

    pub(super) fn id(&mut self, id: &'v Value<'v>, at: At<'_>) -> Cow<'v, str> {
        match self.problems.text(id, at.name("id")) {
            Some(id) => {
                if id.len() > MAX_ID || id.chars().any(char::is_control) {
                    self.problems.add(at.name("id"), format!("has at most {MAX_ID} bytes and no control characters"));
                }
                Cow::Borrowed(id)
            }
            None => Cow::Owned(Some(at.path_id()).filter(|id| !id.is_empty()).unwrap_or_else(|| "1".into())),
        }
    }

    fn renewal(&mut self, value: &'v Value<'v>, valid: Option<Span>, at: At<'_>) -> Option<Renewal<'v>> {
        if value.is_null() {
            return None;
        }
        let Some(valid) = valid else {
            self.problems.add(at, "needs `valid`: what never expires is never renewed");
            return None;
        };
        if value.text() == Some("again") {
            let rule = RenewalRule::Again;
            return Some(Renewal { rule, opens: valid, late: None, extends: Extends::FromRenewal });
        }
        let [requirement, opens, late, from] =
            self.problems.members(value, at, ["requirement", "opens", "late", "from"]);
        let rule = match requirement {
            again if again.text() == Some("again") => RenewalRule::Again,
            tree => RenewalRule::Tree(self.node(tree, at.name("requirement"), 0)?),
        };
        let words = [("expiry", Extends::FromExpiry), ("renewal", Extends::FromRenewal)];
        let renewal = Renewal {
            rule,
            opens: self.span(opens, at.name("opens")).unwrap_or(valid),
            late: self.span(late, at.name("late")),
            extends: self.problems.word(from, at.name("from"), &words).unwrap_or(Extends::FromExpiry),
        };
        let late = renewal.late.filter(|_| renewal.extends == Extends::FromExpiry);
        if late.is_some_and(|late| !late.is_within(valid)) {
            let why = "must not be longer than `valid`: what is renewed from its expiry that late would have ended before it began";
            self.problems.add(at.name("late"), why);
        }
        Some(renewal)
    }

    pub(super) fn span(&mut self, value: &Value<'_>, at: At<'_>) -> Option<Span> {
        if value.is_null() {
            return None;
        }
        let span = Span::read(value);
        if span.is_none() {
            self.problems.add(at, "must be a period such as P90D, P6M or P2Y, or {\"days\": 90}, {\"months\": 6}");
        }
        span
    }

    /// `{"per": "award", "amount": 10}`, `{"per": "event", "of": ID, "amount": 1}`, or a list of them.
    fn points(&mut self, value: &'v Value<'v>, at: At<'_>) -> Vec<Points> {
        match value {
            Value::Null => Vec::new(),
            Value::Array(items) => {
                items.iter().enumerate().filter_map(|(index, item)| self.point(item, at.index(index))).collect()
            }
            one => self.point(one, at).into_iter().collect(),
        }
    }

    fn point(&mut self, value: &'v Value<'v>, at: At<'_>) -> Option<Points> {
        let [per, of, amount] = self.problems.members(value, at, ["per", "of", "amount"]);
        let amount = amount.integer().filter(|amount| *amount != 0 && (-MAX_POINTS..=MAX_POINTS).contains(amount));
        if amount.is_none() {
            let why = format!("must be a whole number other than 0, from -{MAX_POINTS} to {MAX_POINTS}");
            self.problems.add(at.name("amount"), why);
        }
        let per_event = self.problems.word(per, at.name("per"), &[("award", false), ("event", true)]);
        match per_event {
            Some(false) => amount.map(Points::Award),
            Some(true) => {
                let id = of.text();
                let leaf = self.leaves.iter().position(|leaf| Some(&*leaf.id) == id);
                if leaf.is_none() {
                    self.problems.add(at.name("of"), "must be the id of a requirement whose events earn points");
                }
                leaf.zip(amount).map(|(leaf, amount)| Points::Event { leaf, amount })
            }
            None => {
                if per.is_null() {
                    self.problems.add(at.name("per"), "must be one of award, event");
                }
                None
            }
        }
    }
}
