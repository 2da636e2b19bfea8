use async_trait::async_trait;

use super::{Rule, RuleMode};
use crate::id::{OrganisationId, Partition, RuleId};
use crate::page::{Page, PageRequest};
use crate::plugins::PluginDigest;
use crate::store::StoreError;

/// A rule that works, with what the pipeline needs of it.
#[derive(Clone, Debug)]
pub struct ActiveRule {
    /// The rule.
    pub rule: Rule,
    /// The plugin its installation points at.
    pub plugin: PluginDigest,
    /// Per partition (index = partition), the first sequence number it folds.
    pub starts: Vec<i64>,
}

impl ActiveRule {
    /// The first sequence number this rule folds in a partition.
    pub fn start(&self, partition: Partition) -> i64 {
        usize::try_from(partition.0).ok().and_then(|index| self.starts.get(index)).copied().unwrap_or(i64::MAX)
    }
}

/// All rules that were ever activated and are active or paused, at one moment.
#[derive(Clone, Debug, Default)]
pub struct ActiveRules {
    /// Grows with every change of a rule, an installation, an achievement's version, an organisation or a key: whatever the pipeline
    /// keeps in memory.
    pub generation: i64,
    /// The rules.
    pub rules: Vec<ActiveRule>,
}

/// Rules, stored.
#[async_trait]
pub trait RuleStore: Send + Sync {
    /// Adds a rule. If it is active, this activates it as [`RuleStore::set_rule_mode`] does. `Missing("offered achievement")` when it is
    /// active and what it awards is archived.
    async fn insert_rule(&self, rule: &Rule) -> Result<(), StoreError>;
    /// By id.
    async fn rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError>;
    /// Of an organisation, oldest first.
    async fn rules(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Rule>, StoreError>;
    /// Changes the mode and bumps the rules' generation, in one transaction. The first activation locks every head (in order) and
    /// records each partition's next sequence number as the rule's start; a later one keeps the starts. False when there is no
    /// such rule. `Missing("offered achievement")` when it becomes active and what it awards is archived.
    async fn set_rule_mode(&self, id: RuleId, mode: RuleMode) -> Result<bool, StoreError>;
    /// The active and the paused rules (a paused one parks its subjects as events arrive), and the generation they are of. Rules of
    /// a disabled installation come as paused.
    async fn active_rules(&self) -> Result<ActiveRules, StoreError>;
}
