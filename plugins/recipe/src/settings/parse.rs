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
        const KNOWN: &[&str] = &["requirement", "valid", "renewal", "maintain", "repeat", "revoke-on", "points"];
        let root = At::ROOT;
        self.problems.members(settings, root, KNOWN);
        let main = self.node(settings.get("requirement"), root.name("requirement"), 0);
        let words = [("none", Maintain::None), ("suspend", Maintain::Suspend), ("revoke", Maintain::Revoke)];
        let maintain = self.problems.word(settings.get("maintain"), root.name("maintain"), &words);
        let yearly = self.problems.word(settings.get("repeat"), root.name("repeat"), &[("calendar-year", true)]);
        let valid = self.span(settings.get("valid"), root.name("valid"));
        let renewal = self.renewal(settings.get("renewal"), valid, root.name("renewal"));
        let revoke_on = settings.get("revoke-on");
        let revoke_on = (!revoke_on.is_null()).then(|| self.matching(revoke_on, root.name("revoke-on")));
        let points = self.points(settings.get("points"), root.name("points"));
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
        if !value.get("all").is_null() {
            return self.group(value, "all", at, depth);
        }
        if !value.get("any").is_null() {
            return self.group(value, "any", at, depth);
        }
        if !value.get("of").is_null() {
            return self.group(value, "of", at, depth);
        }
        if !value.get("not").is_null() {
            self.problems.members(value, at, &["not"]);
            self.has_not = true;
            return Some(Node::Not(Box::new(self.node(value.get("not"), at.name("not"), depth + 1)?)));
        }
        if self.leaves.len() >= MAX_LEAVES {
            self.problems.add(at, format!("is one requirement too many: {MAX_LEAVES} are the most"));
            return None;
        }
        let leaf = self.leaf(value, at)?;
        self.leaves.push(leaf);
        Some(Node::Leaf(self.leaves.len() - 1))
    }

    fn group(&mut self, value: &'v Value<'v>, key: &str, at: At<'_>, depth: usize) -> Option<Node<'v>> {
        let known: &[&str] = if key == "of" { &["id", "text", "of", "at-least"] } else { &["id", "text", key] };
        self.problems.members(value, at, known);
        let list = at.name(key);
        let items = value.get(key).items();
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
            _ => self.at_least_of(value.get("at-least"), items.len(), at.name("at-least")),
        };
        let id = self.id(value, at);
        let text = self.problems.text(value.get("text"), at.name("text"));
        (children.len() == items.len()).then_some(Node::Group { id, text, need, children })
    }

    fn at_least_of(&mut self, value: &Value<'_>, most: usize, at: At<'_>) -> usize {
        let need = self.problems.whole(value, at);
        if need.is_none_or(|need| need > most) && !(value.is_null() && most == 0) {
            self.problems.add(at, format!("must say how many of the {most} are needed"));
        }
        need.unwrap_or(1)
    }

    pub(super) fn id(&mut self, value: &'v Value<'v>, at: At<'_>) -> Cow<'v, str> {
        match self.problems.text(value.get("id"), at.name("id")) {
            Some(id) => Cow::Borrowed(id),
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
        self.problems.members(value, at, &["requirement", "opens", "late", "from"]);
        let rule = match value.get("requirement") {
            again if again.text() == Some("again") => RenewalRule::Again,
            tree => RenewalRule::Tree(self.node(tree, at.name("requirement"), 0)?),
        };
        let words = [("expiry", Extends::FromExpiry), ("renewal", Extends::FromRenewal)];
        Some(Renewal {
            rule,
            opens: self.span(value.get("opens"), at.name("opens")).unwrap_or(valid),
            late: self.span(value.get("late"), at.name("late")),
            extends: self.problems.word(value.get("from"), at.name("from"), &words).unwrap_or(Extends::FromExpiry),
        })
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
        self.problems.members(value, at, &["per", "of", "amount"]);
        let amount = value.get("amount").integer().filter(|amount| *amount != 0);
        if amount.is_none() {
            self.problems.add(at.name("amount"), "must be a whole number other than 0");
        }
        let per_event = self.problems.word(value.get("per"), at.name("per"), &[("award", false), ("event", true)]);
        match per_event {
            Some(false) => amount.map(Points::Award),
            Some(true) => {
                let id = value.get("of").text();
                let leaf = self.leaves.iter().position(|leaf| Some(&*leaf.id) == id);
                if leaf.is_none() {
                    self.problems.add(at.name("of"), "must be the id of a requirement whose events earn points");
                }
                leaf.zip(amount).map(|(leaf, amount)| Points::Event { leaf, amount })
            }
            None => {
                if value.get("per").is_null() {
                    self.problems.add(at.name("per"), "must be one of award, event");
                }
                None
            }
        }
    }
}
