//! What events propose of identities. Written with the events (`events/propose.rs`); here it is read and settled.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, ProposalId, SubjectId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::proposals::{Proposal, ProposalStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, all, one, run};
use crate::paging;
use crate::stored::from_json;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    subject: Uuid,
    identifier: String,
    leads_to: Option<Uuid>,
    source: String,
    event: String,
    since: i64,
}

fn read(row: Row) -> Result<Proposal, Fault> {
    Ok(Proposal {
        id: ProposalId(row.id),
        organisation: OrganisationId(row.organisation),
        subject: SubjectId(row.subject),
        identifier: from_json("identifier", &row.identifier)?,
        leads_to: row.leads_to.map(SubjectId),
        source: row.source,
        event: row.event,
        since: Timestamp(row.since),
    })
}

/// Open ones; which of them is to follow.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id AS id, p.organisation AS organisation, p.subject AS subject, p.identifier AS identifier, ",
            "i.subject AS leads_to, p.source AS source, p.event AS event, p.since AS since ",
            "FROM proposal p LEFT JOIN identifier i ON i.key = p.key WHERE p.outcome IS NULL AND ",
            $rest
        )
    };
}

async fn dismiss(conn: &mut Conn<'_>, id: ProposalId) -> Result<bool, Fault> {
    let sql = "UPDATE proposal SET outcome = 'dismissed' WHERE id = $1 AND outcome IS NULL";
    Ok(run!(conn, sql, id.0)? == 1)
}

/// What was proposed of a subject and is so by now was accepted. The subject's head is locked.
pub(crate) async fn settle(conn: &mut Conn<'_>, subject: SubjectId) -> Result<(), Fault> {
    let sql = "UPDATE proposal SET outcome = 'accepted' WHERE subject = $1 AND outcome IS NULL
        AND EXISTS (SELECT 1 FROM identifier i WHERE i.key = proposal.key AND i.subject = proposal.subject)";
    run!(conn, sql, subject.0)?;
    Ok(())
}

/// What was proposed of the loser is proposed of the winner, unless it was already. Both heads are locked.
pub(crate) async fn redirect(conn: &mut Conn<'_>, winner: SubjectId, loser: SubjectId) -> Result<(), Fault> {
    let sql = "UPDATE proposal SET subject = $1 WHERE subject = $2
        AND NOT EXISTS (SELECT 1 FROM proposal p WHERE p.subject = $1 AND p.key = proposal.key)";
    run!(conn, sql, winner.0, loser.0)?;
    run!(conn, "DELETE FROM proposal WHERE subject = $1", loser.0)?;
    settle(conn, winner).await
}

#[async_trait]
impl ProposalStore for Database {
    async fn proposals(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Proposal>, StoreError> {
        let sql = select!("p.organisation = $1 AND p.id > $2 ORDER BY p.id LIMIT $3");
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |proposal| proposal.id.0)?)
    }

    async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        let row = one!(&mut self.reader().await?.conn(), Row, select!("p.id = $1"), id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn dismiss_proposal(&self, id: ProposalId) -> Result<bool, StoreError> {
        Ok(self.write(id, |id, conn| Box::pin(dismiss(conn, *id))).await?)
    }
}
