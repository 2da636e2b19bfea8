//! A recipe in words: for those who earn, and for those who ask why.

use std::fmt::Write as _;

use laurel_plugin::criteria::Requirement;

use crate::facts::Field;
use crate::matcher::{Match, Test};
use crate::settings::{Leaf, Measure, Node, Plan, RenewalRule};
use crate::window::{Span, Window};

/// What an earner must do, requirement by requirement.
pub(crate) fn requirements(plan: &Plan<'_>) -> Vec<Requirement> {
    let mut out = Vec::new();
    walk(plan, &plan.main, "", true, &mut out);
    if let Some(RenewalRule::Tree(tree)) = plan.renewal.as_ref().map(|renewal| &renewal.rule) {
        walk(plan, tree, "To renew: ", true, &mut out);
    }
    out
}

fn walk(plan: &Plan<'_>, node: &Node<'_>, prefix: &str, root: bool, out: &mut Vec<Requirement>) {
    match node {
        Node::Leaf(index) => {
            let leaf = &plan.leaves[*index];
            out.push(Requirement::new(leaf.id.to_string(), format!("{prefix}{}", leaf_words(leaf))));
        }
        Node::Not(inner) => {
            if let Node::Leaf(index) = **inner {
                let leaf = &plan.leaves[index];
                out.push(Requirement::new(leaf.id.to_string(), format!("{prefix}Not: {}", leaf_words(leaf))));
            }
        }
        Node::Group { id, need, children, .. } => {
            if !(root && *need == children.len()) {
                out.push(Requirement::new(id.to_string(), format!("{prefix}{}", node_words(plan, node))));
            }
            for child in children {
                walk(plan, child, prefix, false, out);
            }
        }
    }
}

/// One sentence about what was met, for the credential.
pub(crate) fn narrative(plan: &Plan<'_>) -> String {
    node_words(plan, &plan.main)
}

/// What is not met any more.
pub(crate) fn unmet(plan: &Plan<'_>, met: &impl Fn(usize) -> bool) -> String {
    let mut words = Vec::new();
    plan.main.each_leaf(&mut |index| {
        if !met(index) {
            words.push(leaf_words(&plan.leaves[index]));
        }
    });
    if words.is_empty() {
        "the requirement is not met any more".into()
    } else {
        format!("not met any more: {}", words.join("; "))
    }
}

fn node_words(plan: &Plan<'_>, node: &Node<'_>) -> String {
    match node {
        Node::Leaf(index) => leaf_words(&plan.leaves[*index]),
        Node::Not(inner) => format!("not ({})", node_words(plan, inner)),
        Node::Group { text: Some(text), .. } => (*text).into(),
        Node::Group { need, children, .. } => {
            let parts: Vec<_> = children.iter().map(|child| node_words(plan, child)).collect();
            match (*need, children.len()) {
                (need, all) if need == all => parts.join("; "),
                (1, _) => format!("one of: {}", parts.join(" / ")),
                (need, _) => format!("{need} of: {}", parts.join(" / ")),
            }
        }
    }
}

fn leaf_words(leaf: &Leaf<'_>) -> String {
    if let Some(text) = leaf.text {
        return text.into();
    }
    if !leaf.held.is_empty() {
        return held_words(leaf);
    }
    let what = match_words(&leaf.events);
    let field = leaf.value.map(field_words).unwrap_or_default();
    let target = leaf.target;
    let mut words = match leaf.measure {
        Measure::Count => format!("{target} × {what}"),
        Measure::Distinct => format!("{target} different values of {field} in {what}"),
        Measure::Sum => format!("{target} in total of {field} in {what}"),
        Measure::Max => format!("{field} of at least {target} in {what}"),
        Measure::Latest => format!("latest {field} of at least {target} in {what}"),
        Measure::Streak(unit) => format!("{target} {}s in a row with {what}", unit.word()),
    };
    if let Some(per) = leaf.per {
        let per = field_words(per);
        let _ = match leaf.groups {
            1 => write!(words, ", for one {per}"),
            groups => write!(words, ", for {groups} different values of {per}"),
        };
    }
    words += &leaf.window.map(window_words).unwrap_or_default();
    if let Some(least) = leaf.each_year {
        let _ = write!(words, ", at least {least} in each year");
    }
    words
}

fn held_words(leaf: &Leaf<'_>) -> String {
    let badges = leaf.held.join(", ");
    match leaf.held.len() {
        1 => format!("hold the badge {badges}"),
        all if leaf.groups >= all => format!("hold the badges {badges}"),
        _ => format!("hold {} of the badges {badges}", leaf.groups),
    }
}

fn match_words(events: &Match<'_>) -> String {
    let kinds: Vec<_> = events.kinds.iter().map(|kind| kind.replace(['.', '_'], " ")).collect();
    let mut words = kinds.join(" or ");
    let tests: Vec<_> = events.tests.iter().map(|(field, test)| test_words(*field, test)).collect();
    if !tests.is_empty() {
        let _ = write!(words, " ({})", tests.join(", "));
    }
    words
}

fn test_words(field: Field<'_>, test: &Test<'_>) -> String {
    let field = field_words(field);
    match test {
        Test::OneOf(values) => format!("{field} {}", values.join(" or ")),
        Test::Prefix(prefix) => format!("{field} beginning with {prefix}"),
        Test::Range { least, most } if *most == f64::INFINITY => format!("{field} at least {least}"),
        Test::Range { least, most } if *least == f64::NEG_INFINITY => format!("{field} at most {most}"),
        Test::Range { least, most } => format!("{field} from {least} to {most}"),
    }
}

fn field_words(field: Field<'_>) -> &str {
    match field {
        Field::Source => "source",
        Field::ObjectType => "object type",
        Field::ObjectId => "object",
        Field::ObjectName => "name",
        Field::ScoreRaw => "score",
        Field::ScoreMax => "greatest possible score",
        Field::ScoreScaled => "scaled score",
        Field::Success => "success",
        Field::Completion => "completion",
        Field::Attribute(name) => name,
        Field::Unit(unit) => unit.word(),
    }
}

fn window_words(window: Window) -> String {
    match window {
        Window::Sliding(Span::Days(days)) => format!(" within {days} days"),
        Window::Sliding(Span::Months(months)) => format!(" within {months} months"),
        Window::CalendarYears(1) => " in one calendar year".into(),
        Window::CalendarYears(years) => format!(" in {years} calendar years"),
    }
}
