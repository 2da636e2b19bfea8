//! Engagement badges and points.

use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

use laurel_core::awards::Standing;
use laurel_core::engagement::NewEngagement;
use laurel_core::id::EngagementId;
use laurel_core::outbox::OutboxRow;
use laurel_core::pipeline::{AwardRef, NewPoints};

use super::again::{self, Again, reinstate};
use super::{Given, outbox};
use crate::engine::{Conn, Fault, Rows};

/// Writes those whose key is new; of the others, those that a refold suspended count again.
pub(super) async fn write(conn: &mut Conn<'_>, badges: &[NewEngagement]) -> Result<Given<EngagementId>, Fault> {
    let new: HashSet<Uuid> = insert(conn, badges).await?.into_iter().map(|(id,)| id).collect();
    let (badges, again): (Vec<&NewEngagement>, Vec<&NewEngagement>) =
        badges.iter().partition(|badge| new.contains(&badge.id.0));
    if !badges.is_empty() {
        let rows: Vec<OutboxRow> = badges.iter().map(|badge| row(badge)).collect();
        outbox::write(conn, &rows).await?;
    }
    let again: Vec<Again<'_>> = again.into_iter().filter_map(badge_again).collect();
    let again = reinstate(conn, again::ENGAGEMENT, |id| AwardRef::Engagement(EngagementId(id)), &again).await?;
    Ok(Given { new: badges.iter().map(|badge| badge.id).collect(), again })
}

/// None for a badge given directly, which no refold touches.
fn badge_again(badge: &NewEngagement) -> Option<Again<'_>> {
    Some(Again {
        subject: badge.subject,
        rule: badge.rule?,
        key: &badge.key,
        outbox: badge.outbox,
        at: badge.awarded,
        depth: badge.depth,
    })
}

/// Writes one outside the pipeline. False when its key exists.
pub(crate) async fn write_engagement(conn: &mut Conn<'_>, badge: &NewEngagement) -> Result<bool, Fault> {
    Ok(write(conn, std::slice::from_ref(badge)).await?.new.len() == 1)
}

async fn insert(conn: &mut Conn<'_>, badges: &[NewEngagement]) -> Result<Vec<(Uuid,)>, Fault> {
    let sql = "WITH v (id, organisation, subject, achievement, version, rule, key, awarded, standing, explanation) AS ({rows})
        INSERT INTO engagement (id, organisation, subject, achievement, version, rule, key, awarded, standing, explanation)
        SELECT id, organisation, subject, achievement, version, rule, key, awarded, standing, explanation FROM v WHERE TRUE
        ON CONFLICT DO NOTHING RETURNING id";
    Rows::of(badges)
        .uuid(|badge| badge.id.0)
        .uuid(|badge| badge.organisation.0)
        .uuid(|badge| badge.subject.0)
        .uuid(|badge| badge.achievement.0)
        .uuid(|badge| badge.version.0)
        .maybe_uuid(|badge| badge.rule.map(|rule| rule.0))
        .text(|badge| badge.key.as_str())
        .big(|badge| badge.awarded.0)
        .text(|_| Standing::Active.as_str())
        .text(|badge| badge.explanation.as_str())
        .all(conn, sql)
        .await
}

fn row(badge: &NewEngagement) -> OutboxRow {
    OutboxRow {
        id: badge.outbox,
        organisation: badge.organisation,
        kind: "badge.awarded".to_owned(),
        subject: badge.subject,
        award: badge.id.0,
        achievement: badge.achievement,
        version: badge.version,
        credential: None,
        key: badge.key.clone(),
        reason: None,
        depth: badge.depth,
        created: badge.awarded,
    }
}

/// Writes points by their keys: the last word counts.
pub(super) async fn write_points(conn: &mut Conn<'_>, points: &[NewPoints]) -> Result<(), Fault> {
    let by_key: BTreeMap<_, &NewPoints> =
        points.iter().map(|points| ((points.subject, points.rule, points.key.as_str()), points)).collect();
    let points: Vec<&NewPoints> = by_key.into_values().collect();
    let sql = "WITH v (subject, rule, key, organisation, amount, reason, given) AS ({rows})
        INSERT INTO points (subject, rule, key, organisation, amount, reason, given)
        SELECT subject, rule, key, organisation, amount, reason, given FROM v WHERE TRUE
        ON CONFLICT (subject, rule, key) DO UPDATE SET amount = excluded.amount, reason = excluded.reason,
            given = excluded.given";
    Rows::of(&points)
        .uuid(|points| points.subject.0)
        .uuid(|points| points.rule.0)
        .text(|points| points.key.as_str())
        .uuid(|points| points.organisation.0)
        .big(|points| points.amount)
        .text(|points| points.reason.as_str())
        .big(|points| points.at.0)
        .run(conn, sql)
        .await?;
    Ok(())
}
