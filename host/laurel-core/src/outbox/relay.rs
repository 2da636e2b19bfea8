//! Awards are events too: what an award or a change of standing sets off re-enters the log through the ordinary append.

use serde_json::json;

use super::OutboxRow;
use crate::error::Error;
use crate::events::{AWARDS_SOURCE, Appended, MAX_DEPTH, NewEvent, take};
use crate::house::House;
use crate::id::{OutboxId, Partitions};
use crate::subjects::SubjectReference;

/// Relays rows of subjects in these partitions; returns how many. Done twice, the log's idempotency key keeps it to once.
pub async fn relay(house: &House, partitions: Partitions, max: usize) -> Result<usize, Error> {
    let rows = house.store.unrelayed(partitions, max).await?;
    let (deep, relayed): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.depth > MAX_DEPTH);
    for row in &deep {
        tracing::warn!(outbox = %row.id, depth = row.depth, "a cascade of awards stops here");
    }
    if !relayed.is_empty() {
        let events = relayed.iter().map(|row| event(house, row)).collect();
        let appended = take(house, events).await?;
        for (row, _) in relayed.iter().zip(appended).filter(|(_, appended)| matches!(appended, Appended::Conflict(_))) {
            tracing::error!(outbox = %row.id, "another event has this row's id");
        }
    }
    let ids: Vec<OutboxId> = rows.iter().map(|row| row.id).collect();
    if !ids.is_empty() {
        house.store.mark_relayed(&ids).await?;
    }
    Ok(ids.len())
}

fn event(house: &House, row: &OutboxRow) -> NewEvent {
    let url = format!("{}/achievements/{}", house.base_url, row.achievement);
    let credential = row.credential.map(|id| format!("{}/credentials/{id}", house.base_url));
    let data = json!({
        "object": { "type": "achievement", "id": url },
        "attributes": {
            "achievement": row.achievement,
            "version": row.version,
            "award": row.award,
            "key": row.key,
            "credential": credential,
            "reason": row.reason,
        },
    });
    NewEvent {
        organisation: row.organisation,
        source: AWARDS_SOURCE.into(),
        id: row.id.to_string(),
        kind: row.kind.clone(),
        time: row.created,
        subject: SubjectReference::Known(row.subject),
        data: data.to_string(),
        depth: row.depth,
    }
}
