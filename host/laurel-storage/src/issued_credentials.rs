//! Endorsements and learner records: credentials that stand behind no award.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{IssuedId, OrganisationId, PublicId};
use laurel_core::issued::{Issued, IssuedKind, IssuedStore};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::paging;
use crate::stored::{from_word, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    kind: String,
    about: String,
    name: String,
    valid_until: Option<i64>,
    created: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, public_id, organisation, kind, about, name, valid_until, created FROM issued_credential ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<Issued, Fault> {
    Ok(Issued {
        id: IssuedId(row.id),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        kind: from_word("issued credential", row.kind)?,
        about: row.about,
        name: row.name,
        valid_until: row.valid_until.map(Timestamp),
        created: Timestamp(row.created),
    })
}

async fn insert(conn: &mut Conn<'_>, issued: &Issued, document: &[u8]) -> Result<(), Fault> {
    let sql = "INSERT INTO issued_credential
            (id, public_id, organisation, kind, about, name, valid_until, created, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    run!(
        conn,
        sql,
        issued.id.0,
        issued.public_id.0,
        issued.organisation.0,
        word(&issued.kind),
        issued.about.as_str(),
        issued.name.as_str(),
        issued.valid_until.map(|until| until.0),
        issued.created.0,
        document,
    )
    .taken("credential")
    .missing("organisation")?;
    Ok(())
}

#[async_trait]
impl IssuedStore for Database {
    async fn insert_issued(&self, issued: &Issued, document: &[u8]) -> Result<(), StoreError> {
        let new = (issued.clone(), document.to_vec());
        Ok(self.write(new, |(issued, document), conn| Box::pin(insert(conn, issued, document))).await?)
    }

    async fn issued(&self, id: IssuedId) -> Result<Option<Issued>, StoreError> {
        let sql = select!("WHERE id = $1");
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn issued_by_public_id(&self, id: PublicId) -> Result<Option<Issued>, StoreError> {
        let sql = select!("WHERE public_id = $1");
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn issued_by(
        &self,
        organisation: OrganisationId,
        kind: IssuedKind,
        page: PageRequest,
    ) -> Result<Page<Issued>, StoreError> {
        let sql = select!("WHERE organisation = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4");
        let (after, limit) = (paging::after(page), paging::limit(page));
        let rows = all!(&mut self.reader().await?.conn(), Row, sql, organisation.0, word(&kind), after, limit)?;
        Ok(paging::page(page, rows, read, |issued| issued.id.0)?)
    }
}
