//! Subjects and the identifiers that lead to them.

mod identifiers;
mod merge;

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, PublicId, SubjectId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::subjects::{Identifier, KnownIdentifier, Linked, Merge, Subject, SubjectStore};
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, Rows, all, one, run};
use crate::events::identifier_key;
use crate::paging;
use crate::stored::{from_word, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    kind: String,
    provisional: bool,
    name: Option<String>,
    merged_into: Option<Uuid>,
    created: i64,
}

fn read(row: Row) -> Result<Subject, Fault> {
    Ok(Subject {
        id: SubjectId(row.id),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        kind: from_word("subject", row.kind)?,
        provisional: row.provisional,
        name: row.name,
        merged_into: row.merged_into.map(SubjectId),
        created: Timestamp(row.created),
    })
}

async fn by_id(conn: &mut Conn<'_>, id: SubjectId) -> Result<Option<Subject>, Fault> {
    let sql = "SELECT id, public_id, organisation, kind, provisional, name, merged_into, created
            FROM subject
        WHERE id = $1";
    one!(conn, Row, sql, id.0)?.map(read).transpose()
}

/// For those who write about a subject that a caller named.
pub(crate) async fn must_exist(conn: &mut Conn<'_>, id: SubjectId) -> Result<(), Fault> {
    let found = one!(conn, (Uuid,), "SELECT id FROM subject WHERE id = $1", id.0)?;
    found.map(|_| ()).ok_or(Fault::Store(StoreError::Missing("subject")))
}

async fn insert(conn: &mut Conn<'_>, subject: &Subject, known: &[Identifier]) -> Result<(), Fault> {
    let sql = "INSERT INTO subject (id, public_id, organisation, kind, provisional, name, merged_into, created)
        SELECT $1, $2, o.id, $4, $5, $6, $7, $8 FROM organisation o WHERE o.id = $3";
    let written = run!(
        conn,
        sql,
        subject.id.0,
        subject.public_id.0,
        subject.organisation.0,
        word(&subject.kind),
        subject.provisional,
        subject.name.as_deref(),
        subject.merged_into.map(|into| into.0),
        subject.created.0,
    )
    .taken("subject")?;
    if written == 0 {
        return Err(Fault::Store(StoreError::Missing("organisation")));
    }
    identifiers::insert(conn, subject, known).await
}

async fn name(conn: &mut Conn<'_>, id: SubjectId, name: Option<&str>) -> Result<bool, Fault> {
    Ok(run!(conn, "UPDATE subject SET name = $2 WHERE id = $1", id.0, name)? == 1)
}

async fn family(conn: &mut Conn<'_>, id: SubjectId) -> Result<Vec<SubjectId>, Fault> {
    let sql = "WITH RECURSIVE family (id) AS (
            SELECT id FROM subject WHERE id = $1
            UNION SELECT s.id FROM family f JOIN subject s ON s.merged_into = f.id)
        SELECT id FROM family";
    let mut ids: Vec<SubjectId> = all!(conn, (Uuid,), sql, id.0)?.into_iter().map(|(id,)| SubjectId(id)).collect();
    ids.sort_unstable_by_key(|member| (*member != id, *member));
    Ok(ids)
}

#[async_trait]
impl SubjectStore for Database {
    async fn subject(&self, id: SubjectId) -> Result<Option<Subject>, StoreError> {
        Ok(by_id(&mut self.reader().await?.conn(), id).await?)
    }

    async fn subject_by_public_id(&self, id: PublicId) -> Result<Option<Subject>, StoreError> {
        let sql = "SELECT id, public_id, organisation, kind, provisional, name, merged_into, created
            FROM subject WHERE public_id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn subject_by_identifier(
        &self,
        organisation: OrganisationId,
        identifier: &Identifier,
    ) -> Result<Option<Subject>, StoreError> {
        let sql = "SELECT s.id, s.public_id, s.organisation, s.kind, s.provisional, s.name, s.merged_into, s.created
            FROM identifier i JOIN subject s ON s.id = i.subject WHERE i.key = $1";
        let key = identifier_key(organisation, identifier);
        let row = one!(&mut self.reader().await?.conn(), Row, sql, key)?;
        Ok(row.map(read).transpose()?)
    }

    async fn subjects(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<Subject>, StoreError> {
        let sql = "SELECT id, public_id, organisation, kind, provisional, name, merged_into, created
            FROM subject
            WHERE organisation = $1 AND id > $2 AND merged_into IS NULL ORDER BY id LIMIT $3";
        let mut reader = self.reader().await?;
        let rows = all!(&mut reader.conn(), Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |subject| subject.id.0)?)
    }

    async fn insert_subject(&self, subject: &Subject, identifiers: &[Identifier]) -> Result<(), StoreError> {
        let work = (subject.clone(), identifiers.to_vec());
        Ok(self.write(work, |(subject, identifiers), conn| Box::pin(insert(conn, subject, identifiers))).await?)
    }

    async fn name_subject(&self, id: SubjectId, name: Option<&str>) -> Result<bool, StoreError> {
        let work = (id, name.map(str::to_owned));
        Ok(self.write(work, |(id, new), conn| Box::pin(self::name(conn, *id, new.as_deref()))).await?)
    }

    async fn identifiers(&self, subject: SubjectId) -> Result<Vec<KnownIdentifier>, StoreError> {
        Ok(identifiers::of(&mut self.reader().await?.conn(), subject).await?)
    }

    async fn link_identifier(
        &self,
        subject: SubjectId,
        identifier: &Identifier,
        now: Timestamp,
    ) -> Result<Linked, StoreError> {
        let work = (self.ports().clone(), subject, identifier.clone(), now);
        Ok(self
            .write(work, |(ports, subject, identifier, now), conn| {
                Box::pin(identifiers::link(conn, ports, *subject, identifier, *now))
            })
            .await?)
    }

    async fn merge_subjects(&self, winner: SubjectId, loser: SubjectId) -> Result<Merge, StoreError> {
        let merging = merge::Merging { winner, loser, ports: self.ports().clone() };
        Ok(self.write(merging, |merging, conn| Box::pin(merge::merge(conn, merging))).await?)
    }

    async fn winners(&self, among: &[SubjectId]) -> Result<Vec<SubjectId>, StoreError> {
        let sql = "WITH v (id) AS ({rows}) SELECT id FROM v WHERE EXISTS (SELECT 1 FROM subject s WHERE s.merged_into = v.id)";
        let rows: Vec<(Uuid,)> = Rows::of(among).uuid(|id| id.0).all(&mut self.reader().await?.conn(), sql).await?;
        Ok(rows.into_iter().map(|(id,)| SubjectId(id)).collect())
    }

    async fn subject_family(&self, id: SubjectId) -> Result<Vec<SubjectId>, StoreError> {
        Ok(family(&mut self.reader().await?.conn(), id).await?)
    }
}
