//! Sorts a batch by rule and subject.

use std::collections::HashMap;

use super::book::RuleBook;
use super::fold::FoldEvent;
use crate::events::LogEvent;
use crate::id::{Partition, RuleId, SubjectId};

/// The events of a batch that one rule folds for one subject, in order.
#[derive(Debug)]
pub(crate) struct Sheaf {
    pub(crate) rule: RuleId,
    pub(crate) subject: SubjectId,
    pub(crate) partition: Partition,
    pub(crate) events: Vec<FoldEvent>,
}

/// Every sheaf of a batch, in the order in which each begins.
pub(crate) fn gather(book: &RuleBook, events: &[LogEvent]) -> Vec<Sheaf> {
    let mut sheaves: Vec<Sheaf> = Vec::new();
    let mut places: HashMap<(RuleId, SubjectId), usize> = HashMap::new();
    for event in events {
        for active in book.folding(event) {
            let pair = (active.rule.id, event.subject);
            let place = *places.entry(pair).or_insert_with(|| {
                let (rule, subject) = pair;
                sheaves.push(Sheaf { rule, subject, partition: event.partition, events: Vec::new() });
                sheaves.len() - 1
            });
            sheaves[place].events.push(FoldEvent::from_log(event));
        }
    }
    sheaves
}
