//! Awards of credentials: inserted once by their key, each with its document to be signed and its outbox row.

use std::collections::HashSet;
use uuid::Uuid;

use laurel_core::awards::{NewAward, Standing};
use laurel_core::id::{AwardId, Partition};
use laurel_core::outbox::OutboxRow;
use laurel_core::pipeline::AwardRef;

use super::again::{self, Again, reinstate};
use super::{Given, outbox};
use crate::engine::{Conn, Fault, Rows};
use crate::stored::word;

/// Writes those whose key is new; of the others, those that a refold suspended count again.
pub(super) async fn write(conn: &mut Conn<'_>, awards: &[NewAward]) -> Result<Given<AwardId>, Fault> {
    let new: HashSet<Uuid> = insert(conn, awards).await?.into_iter().map(|(id,)| id).collect();
    let (awards, again): (Vec<&NewAward>, Vec<&NewAward>) = awards.iter().partition(|award| new.contains(&award.id.0));
    if !awards.is_empty() {
        let rows: Vec<OutboxRow> = awards.iter().map(|award| row(award)).collect();
        insert_documents(conn, &awards).await?;
        outbox::write(conn, &rows).await?;
    }
    let again: Vec<Again<'_>> = again.into_iter().filter_map(award_again).collect();
    let again = reinstate(conn, again::AWARDS, |id| AwardRef::Award(AwardId(id)), &again).await?;
    Ok(Given { new: awards.iter().map(|award| award.id).collect(), again })
}

/// None for a direct award, which no refold touches.
fn award_again(award: &NewAward) -> Option<Again<'_>> {
    Some(Again {
        subject: award.subject,
        rule: award.rule?,
        key: &award.key,
        outbox: award.outbox,
        at: award.awarded,
        depth: award.depth,
    })
}

/// Writes one outside the pipeline. False when its key exists.
pub(crate) async fn write_award(conn: &mut Conn<'_>, award: &NewAward) -> Result<bool, Fault> {
    Ok(write(conn, std::slice::from_ref(award)).await?.new.len() == 1)
}

/// Names the one index in which an award's key may be taken: without it, the engine looks into every unique index before each row.
macro_rules! insert_unless {
    ($taken:literal) => {
        concat!(
            "WITH v (id, public_id, organisation, subject, achievement, version, rule, key, awarded, valid_until, standing,
                explanation, status_list, status_index) AS ({rows})
            INSERT INTO award (id, public_id, organisation, subject, achievement, version, rule, key, awarded, valid_until,
                standing, explanation, status_list, status_index)
            SELECT id, public_id, organisation, subject, achievement, version, rule, key, awarded, valid_until, standing,
                explanation, status_list, status_index FROM v WHERE TRUE
            ON CONFLICT ",
            $taken,
            " DO NOTHING RETURNING id"
        )
    };
}

/// Awards of rules all, or direct ones all.
async fn insert(conn: &mut Conn<'_>, awards: &[NewAward]) -> Result<Vec<(Uuid,)>, Fault> {
    let direct = awards.first().is_some_and(|award| award.rule.is_none());
    let sql = if direct {
        insert_unless!("(organisation, key) WHERE rule IS NULL")
    } else {
        insert_unless!("(subject, rule, key)")
    };
    Rows::of(awards)
        .uuid(|award| award.id.0)
        .uuid(|award| award.public_id.0)
        .uuid(|award| award.organisation.0)
        .uuid(|award| award.subject.0)
        .uuid(|award| award.achievement.0)
        .uuid(|award| award.version.0)
        .maybe_uuid(|award| award.rule.map(|rule| rule.0))
        .text(|award| award.key.as_str())
        .big(|award| award.awarded.0)
        .maybe_big(|award| award.valid_until.map(|until| until.0))
        .text(|_| Standing::Active.as_str())
        .text(|award| award.explanation.as_str())
        .uuid(|award| award.document.status_list.0)
        .int(|award| award.document.status_index.cast_signed())
        .all(conn, sql)
        .await
}

async fn insert_documents(conn: &mut Conn<'_>, awards: &[&NewAward]) -> Result<(), Fault> {
    let suites: Vec<String> = awards.iter().map(|award| word(&award.document.suite)).collect();
    let rows: Vec<_> = awards.iter().zip(&suites).collect();
    let sql = "INSERT INTO unsigned_document (award, partition, public_id, organisation, suite, key,
        verification_method, created, status_list, status_index, document) {rows}";
    Rows::of(&rows)
        .uuid(|(award, _)| award.id.0)
        .int(|(award, _)| Partition::of(award.subject).0)
        .uuid(|(award, _)| award.public_id.0)
        .uuid(|(award, _)| award.organisation.0)
        .text(|(_, suite)| suite.as_str())
        .uuid(|(award, _)| award.document.key.0)
        .text(|(award, _)| award.document.verification_method.as_str())
        .big(|(award, _)| award.document.created.0)
        .uuid(|(award, _)| award.document.status_list.0)
        .int(|(award, _)| award.document.status_index.cast_signed())
        .bytes(|(award, _)| award.document.bytes.as_slice())
        .run(conn, sql)
        .await?;
    Ok(())
}

fn row(award: &NewAward) -> OutboxRow {
    OutboxRow {
        id: award.outbox,
        organisation: award.organisation,
        kind: "badge.awarded".to_owned(),
        subject: award.subject,
        award: award.id.0,
        achievement: award.achievement,
        version: award.version,
        credential: Some(award.public_id),
        key: award.key.clone(),
        reason: None,
        depth: award.depth,
        created: award.awarded,
    }
}
