//! A recipe as types. Texts borrow from the settings: they are read anew for every call.

use std::borrow::Cow;

use crate::facts::Field;
use crate::matcher::Match;
use crate::window::{Span, Unit, Window};

/// A whole recipe.
#[derive(Debug)]
pub(crate) struct Plan<'v> {
    /// Every leaf of both trees, in the order of the text. Nodes and states refer to them by index.
    pub(crate) leaves: Vec<Leaf<'v>>,
    pub(crate) main: Node<'v>,
    pub(crate) renewal: Option<Renewal<'v>>,
    /// How long an award is valid.
    pub(crate) valid: Option<Span>,
    pub(crate) maintain: Maintain,
    /// One award for each calendar year in which the requirement is met.
    pub(crate) yearly: bool,
    pub(crate) revoke_on: Option<Match<'v>>,
    pub(crate) points: Vec<Points>,
    /// Whether a `not` is in either tree: then time alone can fulfil a requirement.
    pub(crate) has_not: bool,
    /// Of the settings' text: state that belongs to another text is refused.
    pub(crate) fingerprint: u64,
}

/// A node of a requirement tree.
#[derive(Debug)]
pub(crate) enum Node<'v> {
    Leaf(usize),
    /// At least `need` of the children; all of them, any of them, or so many.
    Group {
        id: Cow<'v, str>,
        text: Option<&'v str>,
        need: usize,
        children: Vec<Node<'v>>,
    },
    Not(Box<Node<'v>>),
}

/// A measure over matched events, compared with a target.
#[derive(Debug)]
pub(crate) struct Leaf<'v> {
    pub(crate) id: Cow<'v, str>,
    pub(crate) text: Option<&'v str>,
    pub(crate) measure: Measure,
    /// What is summed, compared, or told apart.
    pub(crate) value: Option<Field<'v>>,
    pub(crate) events: Match<'v>,
    pub(crate) retract: Option<Match<'v>>,
    /// What makes two events the same fact.
    pub(crate) identity: Vec<Field<'v>>,
    /// Measured for each value of this field apart.
    pub(crate) per: Option<Field<'v>>,
    /// How many of them must reach the target.
    pub(crate) groups: usize,
    pub(crate) target: f64,
    pub(crate) window: Option<Window>,
    /// What each year of the window must hold.
    pub(crate) each_year: Option<f64>,
    /// An award does not use it up: badges held, licences in force.
    pub(crate) standing: bool,
    /// The badges of a `held` leaf, for the words.
    pub(crate) held: Vec<&'v str>,
    /// As which result of the achievement an award reports what was measured.
    pub(crate) result: Option<&'v str>,
}

/// How events become a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Count,
    Sum,
    Max,
    Latest,
    /// Different values of a field: a count whose identity is that field.
    Distinct,
    /// The longest run of consecutive units with an event.
    Streak(Unit),
}

/// What happens to an award when its requirement is not met any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maintain {
    None,
    Suspend,
    Revoke,
}

/// When a valid award is followed by another.
#[derive(Debug)]
pub(crate) struct Renewal<'v> {
    pub(crate) rule: RenewalRule<'v>,
    /// How long before expiry it may be renewed.
    pub(crate) opens: Span,
    /// How long after expiry it still may.
    pub(crate) late: Option<Span>,
    pub(crate) extends: Extends,
}

/// What must be met for it, by events since the last award.
#[derive(Debug)]
pub(crate) enum RenewalRule<'v> {
    /// The requirement itself.
    Again,
    Tree(Node<'v>),
}

/// From when the new validity runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extends {
    FromExpiry,
    FromRenewal,
}

/// Engagement points.
#[derive(Debug)]
pub(crate) enum Points {
    Award(i64),
    /// For each fact that this leaf counts.
    Event {
        leaf: usize,
        amount: i64,
    },
}

impl Plan<'_> {
    /// Whether the first award ends the matter.
    pub(crate) fn is_once(&self) -> bool {
        self.valid.is_none() && self.maintain == Maintain::None && !self.yearly && self.revoke_on.is_none()
    }

    /// Whether there can be more than one award, so that keys are numbered.
    pub(crate) fn is_numbered(&self) -> bool {
        self.valid.is_some() || self.maintain == Maintain::Revoke || self.revoke_on.is_some()
    }
}

impl Leaf<'_> {
    /// Whether a running total is enough: nothing ever leaves it.
    pub(crate) fn is_total(&self) -> bool {
        matches!(self.measure, Measure::Count | Measure::Sum) && self.window.is_none() && self.identity.is_empty()
    }
}
