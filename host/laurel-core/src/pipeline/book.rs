//! The rules in effect, as the pipeline keeps them between steps.

use std::collections::HashMap;

use crate::events::LogEvent;
use crate::id::{OrganisationId, RuleId};
use crate::rules::{ActiveRule, ActiveRules, kind_matches};

/// Rules by organisation.
#[derive(Debug, Default)]
pub(crate) struct RuleBook {
    generation: Option<i64>,
    rules: Vec<ActiveRule>,
    by_organisation: HashMap<OrganisationId, Vec<usize>>,
    by_id: HashMap<RuleId, usize>,
}

impl RuleBook {
    /// Opens a new book.
    pub(crate) fn new(active: ActiveRules) -> Self {
        let mut book = Self { generation: Some(active.generation), rules: active.rules, ..Self::default() };
        for (index, active) in book.rules.iter().enumerate() {
            book.by_organisation.entry(active.rule.organisation).or_default().push(index);
            book.by_id.insert(active.rule.id, index);
        }
        book
    }

    /// Whether the book is of this generation.
    pub(crate) fn is_of(&self, generation: i64) -> bool {
        self.generation == Some(generation)
    }

    /// The rules that fold this event.
    pub(crate) fn folding(&self, event: &LogEvent) -> impl Iterator<Item = &ActiveRule> {
        self.of(event.organisation).filter(|active| {
            event.seq >= active.start(event.partition) && kind_matches(&active.rule.kinds, &event.kind)
        })
    }

    /// All rules of an organisation.
    pub(crate) fn of(&self, organisation: OrganisationId) -> impl Iterator<Item = &ActiveRule> {
        self.by_organisation.get(&organisation).into_iter().flatten().filter_map(|index| self.rules.get(*index))
    }

    /// One rule.
    pub(crate) fn rule(&self, id: RuleId) -> Option<&ActiveRule> {
        self.by_id.get(&id).and_then(|index| self.rules.get(*index))
    }
}
