//! What a batch of events proposes of identities: written with them, under the heads of their subjects, and only where there is something.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use laurel_core::events::NewEvent;
use laurel_core::id::{ProposalId, SubjectId};
use laurel_core::subjects::Identifier;

use crate::engine::{Conn, Fault, Ports, Rows};
use crate::stored::json;

/// An event says that this identifier is that subject's.
#[derive(Debug)]
pub(crate) struct Proposed<'a> {
    pub(crate) subject: SubjectId,
    /// The identifier's key.
    pub(crate) key: Uuid,
    pub(crate) identifier: &'a Identifier,
    pub(crate) event: &'a NewEvent,
}

struct NewRow<'a> {
    id: ProposalId,
    proposed: &'a Proposed<'a>,
    identifier: String,
    /// Among those of the same subject.
    place: i32,
}

/// Writes what was not proposed before, dismissed or not. No subject has more than sixteen open ones: whoever names ever new addresses
/// fills no table.
pub(super) async fn write(conn: &mut Conn<'_>, ports: &Ports, proposed: &[Proposed<'_>]) -> Result<(), Fault> {
    if proposed.is_empty() {
        return Ok(());
    }
    let now = ports.clock.now();
    let mut seen = BTreeSet::new();
    let mut places: BTreeMap<SubjectId, i32> = BTreeMap::new();
    let mut rows = Vec::new();
    for proposed in proposed.iter().filter(|each| seen.insert((each.subject, each.key))) {
        let next = places.entry(proposed.subject).or_default();
        let (id, identifier) = (ProposalId::new(now, &*ports.random), json(proposed.identifier)?);
        rows.push(NewRow { id, proposed, identifier, place: *next });
        *next += 1;
    }
    let sql = "WITH v (id, organisation, subject, key, identifier, source, event, since, place) AS ({rows})
        INSERT INTO proposal (id, organisation, subject, key, identifier, source, event, since)
        SELECT id, organisation, subject, key, identifier, source, event, since FROM v
        WHERE place + (SELECT COUNT(*) FROM proposal p WHERE p.subject = v.subject AND p.outcome IS NULL) < 16
        ON CONFLICT (subject, key) DO NOTHING";
    Rows::of(&rows)
        .uuid(|row| row.id.0)
        .uuid(|row| row.proposed.event.organisation.0)
        .uuid(|row| row.proposed.subject.0)
        .uuid(|row| row.proposed.key)
        .text(|row| row.identifier.as_str())
        .text(|row| &row.proposed.event.source)
        .text(|row| row.proposed.event.id.as_str())
        .big(|_| now.0)
        .int(|row| row.place)
        .run(conn, sql)
        .await?;
    Ok(())
}
