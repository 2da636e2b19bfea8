//! Merging two subjects: identifiers redirected, the loser marked, and a pair of events in the log that lets the rules refold.

use laurel_core::events::{MERGE_IN, MERGE_OUT, NewEvent, SUBJECTS_SOURCE};
use laurel_core::id::{AwardId, Partition, SubjectId};
use laurel_core::subjects::{Merge, Subject, SubjectReference};
use laurel_core::time::Timestamp;

use super::by_id;
use super::identifiers::answered_for;
use crate::engine::{Conn, Fault, Ports, run};
use crate::events::{
    NewRow, Places, advance_heads, bump_generations, content_digest, event_key, insert_events, lock_heads,
};
use crate::proposals;

/// What [`merge`] is asked.
#[derive(Debug)]
pub(super) struct Merging {
    pub(super) winner: SubjectId,
    pub(super) loser: SubjectId,
    pub(super) ports: Ports,
}

/// Merges what the loser is by now into what the winner is by now.
pub(super) async fn merge(conn: &mut Conn<'_>, merging: &Merging) -> Result<Merge, Fault> {
    let (Some(winner), Some(loser)) = (living(conn, merging.winner).await?, living(conn, merging.loser).await?) else {
        return Ok(Merge::Impossible);
    };
    if winner.id == loser.id {
        return Ok(Merge::Already);
    }
    if winner.organisation != loser.organisation || winner.kind != loser.kind {
        return Ok(Merge::Impossible);
    }
    let mut partitions = vec![Partition::of(winner.id), Partition::of(loser.id)];
    partitions.sort_unstable();
    partitions.dedup();
    let (heads, now) = lock_heads(conn, &merging.ports, &partitions).await?;
    // Both were read before the locks were there.
    if by_id(conn, winner.id).await?.as_ref() != Some(&winner) || by_id(conn, loser.id).await?.as_ref() != Some(&loser)
    {
        return Err(Fault::Stale);
    }
    redirect(conn, &winner, &loser).await?;
    bump_generations(conn, &partitions).await?;
    tell(conn, &merging.ports, Places::new(heads, now), &winner, &loser).await?;
    Ok(Merge::Done)
}

/// The subject, or the one it was merged into.
async fn living(conn: &mut Conn<'_>, id: SubjectId) -> Result<Option<Subject>, Fault> {
    let mut found = by_id(conn, id).await?;
    while let Some(into) = found.as_ref().and_then(|subject| subject.merged_into) {
        found = by_id(conn, into).await?;
    }
    Ok(found)
}

async fn redirect(conn: &mut Conn<'_>, winner: &Subject, loser: &Subject) -> Result<(), Fault> {
    run!(conn, "UPDATE identifier SET subject = $1 WHERE subject = $2", winner.id.0, loser.id.0)?;
    run!(conn, "UPDATE subject SET merged_into = $1 WHERE id = $2", winner.id.0, loser.id.0)?;
    if !loser.provisional {
        answered_for(conn, winner.id).await?;
    }
    proposals::redirect(conn, winner.id, loser.id).await?;
    Ok(())
}

/// Appends `laurel:merge-out` behind the loser's events and `laurel:merge-in` behind the winner's.
async fn tell(
    conn: &mut Conn<'_>,
    ports: &Ports,
    mut places: Places,
    winner: &Subject,
    loser: &Subject,
) -> Result<(), Fault> {
    let take = |places: &mut Places, partition: Partition| places.take(partition).ok_or(Fault::Stale);
    let (out_seq, out_received) = take(&mut places, Partition::of(loser.id))?;
    let (in_seq, in_received) = take(&mut places, Partition::of(winner.id))?;
    // Not the subjects' ids: the same two may part and meet again.
    let merge = AwardId::new(out_received, &*ports.random);
    let out = event(loser, MERGE_OUT, &format!("{merge}:out"), out_received, format!(r#"{{"into":"{}"}}"#, winner.id));
    let from = format!(r#"{{"from":"{}","partition":{},"seq":{out_seq}}}"#, loser.id, Partition::of(loser.id).0);
    let arrival = event(winner, MERGE_IN, &format!("{merge}:in"), in_received, from);
    let mut rows = [row(&out, loser, out_seq, out_received), row(&arrival, winner, in_seq, in_received)];
    insert_events(conn, &mut rows).await?;
    advance_heads(conn, places).await
}

fn event(subject: &Subject, kind: &str, id: &str, time: Timestamp, data: String) -> NewEvent {
    NewEvent {
        organisation: subject.organisation,
        source: SUBJECTS_SOURCE.into(),
        id: id.to_owned(),
        kind: kind.to_owned(),
        time,
        subject: SubjectReference::Known(subject.id),
        data,
        depth: 0,
    }
}

fn row<'a>(event: &'a NewEvent, subject: &Subject, seq: i64, received: Timestamp) -> NewRow<'a> {
    NewRow {
        partition: Partition::of(subject.id),
        seq,
        key: event_key(event.organisation, &event.source, &event.id),
        digest: content_digest(event),
        organisation: event.organisation,
        subject: subject.id,
        source: &event.source,
        id: &event.id,
        kind: &event.kind,
        time: event.time,
        received,
        depth: 0,
        data: &event.data,
    }
}
