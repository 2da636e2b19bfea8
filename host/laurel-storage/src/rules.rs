//! Rules.

use async_trait::async_trait;
use std::collections::HashMap;
use uuid::Uuid;

use laurel_core::id::{AchievementId, InstallationId, OrganisationId, PARTITIONS, RuleId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::plugins::PluginDigest;
use laurel_core::rules::{ActiveRule, ActiveRules, Rule, RuleMode, RuleStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, Rows, all, one, run};
use crate::events::lock_all;
use crate::stored::{fixed, from_json, from_word, json, word};
use crate::{achievements, paging};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    achievement: Uuid,
    installation: Uuid,
    settings: String,
    requirements: String,
    kinds: String,
    mode: String,
    created: i64,
}

fn read(row: Row) -> Result<Rule, Fault> {
    Ok(Rule {
        id: RuleId(row.id),
        organisation: OrganisationId(row.organisation),
        achievement: AchievementId(row.achievement),
        installation: InstallationId(row.installation),
        settings: row.settings,
        requirements: row.requirements,
        kinds: from_json("kinds", &row.kinds)?,
        mode: from_word("mode", row.mode)?,
        created: Timestamp(row.created),
    })
}

async fn insert(conn: &mut Conn<'_>, rule: &Rule) -> Result<(), Fault> {
    let sql =
        "INSERT INTO rule (id, organisation, achievement, installation, settings, requirements, kinds, mode, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    run!(
        conn,
        sql,
        rule.id.0,
        rule.organisation.0,
        rule.achievement.0,
        rule.installation.0,
        rule.settings.as_str(),
        rule.requirements.as_str(),
        json(&rule.kinds)?,
        word(&rule.mode),
        rule.created.0,
    )
    .taken("rule")
    .missing("achievement or installation")?;
    took_effect(conn, rule.id, rule.mode).await
}

async fn set_mode(conn: &mut Conn<'_>, id: RuleId, mode: RuleMode) -> Result<bool, Fault> {
    let touched = run!(conn, "UPDATE rule SET mode = $2 WHERE id = $1", id.0, word(&mode))?;
    if touched == 1 {
        took_effect(conn, id, mode).await?;
    }
    Ok(touched == 1)
}

/// Fixes where an active rule begins, and lets every host load the rules anew.
async fn took_effect(conn: &mut Conn<'_>, id: RuleId, mode: RuleMode) -> Result<(), Fault> {
    if mode == RuleMode::Active {
        achievements::must_be_offered(conn, id).await?;
    }
    let started = one!(conn, (i32,), "SELECT 1 FROM rule_start WHERE rule = $1 LIMIT 1", id.0)?.is_some();
    if mode == RuleMode::Active && !started {
        // Under all locks: every event behind a start is seen by whoever loads the rules after this.
        let starts: Vec<(i32, i64)> =
            lock_all(conn).await?.into_iter().map(|(partition, head)| (partition.0, head.next)).collect();
        Rows::of(&starts)
            .uuid(|_| id.0)
            .int(|(partition, _)| *partition)
            .big(|(_, seq)| *seq)
            .run(conn, "INSERT INTO rule_start (rule, partition, seq) {rows}")
            .await?;
    }
    bump(conn).await
}

/// Rules, versions, organisations or keys changed: every host loads them anew before it folds the next event.
pub(crate) async fn bump(conn: &mut Conn<'_>) -> Result<(), Fault> {
    run!(conn, "UPDATE rules_generation SET generation = generation + 1")?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ActiveRow {
    plugin: Vec<u8>,
    enabled: bool,
    #[sqlx(flatten)]
    rule: Row,
}

#[derive(sqlx::FromRow)]
struct StartRow {
    rule: Uuid,
    partition: i32,
    seq: i64,
}

/// A rule whose installation is disabled counts as paused: its events are not lost but park their subjects.
fn read_active(row: ActiveRow, starts: Vec<i64>) -> Result<ActiveRule, Fault> {
    let plugin = PluginDigest(fixed("plugin", &row.plugin)?);
    let mut rule = read(row.rule)?;
    if !row.enabled {
        rule.mode = RuleMode::Paused;
    }
    Ok(ActiveRule { rule, plugin, starts })
}

async fn active(conn: &mut Conn<'_>) -> Result<ActiveRules, Fault> {
    // Generation first: rules read after it may be newer, and are then only loaded once more.
    let generation =
        one!(conn, (i64,), "SELECT generation FROM rules_generation")?.map_or(0, |(generation,)| generation);
    let sql = "SELECT r.id, r.organisation, r.achievement, r.installation, r.settings, r.requirements, r.kinds, r.mode,
            r.created, i.plugin, i.enabled
        FROM rule r JOIN installation i ON i.id = r.installation WHERE r.mode IN ('active', 'paused') ORDER BY r.id";
    let rows = all!(conn, ActiveRow, sql)?;
    let sql = "SELECT s.rule, s.partition, s.seq FROM rule_start s JOIN rule r ON r.id = s.rule
        WHERE r.mode IN ('active', 'paused')";
    let mut starts: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for start in all!(conn, StartRow, sql)? {
        let places =
            starts.entry(start.rule).or_insert_with(|| vec![i64::MAX; usize::try_from(PARTITIONS).unwrap_or(0)]);
        if let Some(place) = usize::try_from(start.partition).ok().and_then(|index| places.get_mut(index)) {
            *place = start.seq;
        }
    }
    let rules = rows
        .into_iter()
        .filter_map(|row| starts.remove(&row.rule.id).map(|starts| read_active(row, starts)))
        .collect::<Result<_, Fault>>()?;
    Ok(ActiveRules { generation, rules })
}

#[async_trait]
impl RuleStore for Database {
    async fn insert_rule(&self, rule: &Rule) -> Result<(), StoreError> {
        Ok(self.write(rule.clone(), |rule, conn| Box::pin(insert(conn, rule))).await?)
    }

    async fn rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError> {
        let sql =
            "SELECT id, organisation, achievement, installation, settings, requirements, kinds, mode, created FROM rule
            WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn rules(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Rule>, StoreError> {
        let sql =
            "SELECT id, organisation, achievement, installation, settings, requirements, kinds, mode, created FROM rule
            WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3";
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |rule| rule.id.0)?)
    }

    async fn set_rule_mode(&self, id: RuleId, mode: RuleMode) -> Result<bool, StoreError> {
        Ok(self.write((id, mode), |(id, mode), conn| Box::pin(set_mode(conn, *id, *mode))).await?)
    }

    async fn active_rules(&self) -> Result<ActiveRules, StoreError> {
        Ok(active(&mut self.reader().await?.conn()).await?)
    }
}
