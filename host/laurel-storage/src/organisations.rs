//! Organisations.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::credentials::Key;
use laurel_core::id::OrganisationId;
use laurel_core::organisations::{Organisation, OrganisationStore};
use laurel_core::page::{Page, PageRequest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::credentials::insert_key;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::stored::{from_json, from_word, json, word};
use crate::{paging, rules};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    url: Option<String>,
    description: Option<String>,
    email: Option<String>,
    particulars: String,
    issuer: String,
    suite: String,
    status_entries: String,
    status_messages: String,
    created: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, slug, name, url, description, email, particulars, issuer, suite, status_entries, ",
            "status_messages, created ",
            "FROM organisation ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<Organisation, Fault> {
    Ok(Organisation {
        id: OrganisationId(row.id),
        slug: row.slug,
        name: row.name,
        url: row.url,
        description: row.description,
        email: row.email,
        particulars: from_json("particulars", &row.particulars)?,
        issuer: from_json("issuer", &row.issuer)?,
        suite: from_word("suite", row.suite)?,
        status_entries: from_word("status entries", row.status_entries)?,
        status_messages: from_json("status messages", &row.status_messages)?,
        created: Timestamp(row.created),
    })
}

async fn insert(conn: &mut Conn<'_>, organisation: &Organisation, key: Option<&Key>) -> Result<(), Fault> {
    let sql = "INSERT INTO organisation
            (id, slug, name, url, description, email, issuer, suite, status_messages, created, particulars, status_entries)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    run!(
        conn,
        sql,
        organisation.id.0,
        organisation.slug.as_str(),
        organisation.name.as_str(),
        organisation.url.as_deref(),
        organisation.description.as_deref(),
        organisation.email.as_deref(),
        json(&organisation.issuer)?,
        word(&organisation.suite),
        json(&organisation.status_messages)?,
        organisation.created.0,
        json(&organisation.particulars)?,
        word(&organisation.status_entries),
    )
    .taken("slug")?;
    match key {
        Some(key) => insert_key(conn, key).await,
        None => Ok(()),
    }
}

async fn update(conn: &mut Conn<'_>, organisation: &Organisation) -> Result<bool, Fault> {
    let sql = "UPDATE organisation SET name = $2, url = $3, description = $4, email = $5, issuer = $6, suite = $7,
            status_messages = $8, particulars = $9, status_entries = $10
        WHERE id = $1";
    let touched = run!(
        conn,
        sql,
        organisation.id.0,
        organisation.name.as_str(),
        organisation.url.as_deref(),
        organisation.description.as_deref(),
        organisation.email.as_deref(),
        json(&organisation.issuer)?,
        word(&organisation.suite),
        json(&organisation.status_messages)?,
        json(&organisation.particulars)?,
        word(&organisation.status_entries),
    )?;
    rules::bump(conn).await?;
    Ok(touched == 1)
}

#[async_trait]
impl OrganisationStore for Database {
    async fn insert_organisation(&self, organisation: &Organisation, key: Option<&Key>) -> Result<(), StoreError> {
        let new = (organisation.clone(), key.cloned());
        let inserted = self.write(new, |(organisation, key), conn| Box::pin(insert(conn, organisation, key.as_ref())));
        Ok(inserted.await?)
    }

    async fn update_organisation(&self, organisation: &Organisation) -> Result<bool, StoreError> {
        Ok(self.write(organisation.clone(), |organisation, conn| Box::pin(update(conn, organisation))).await?)
    }

    async fn organisation(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        let sql = select!("WHERE id = $1");
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.map(read).transpose()?)
    }

    async fn organisation_by_slug(&self, slug: &str) -> Result<Option<Organisation>, StoreError> {
        let sql = select!("WHERE slug = $1");
        let row = one!(&mut self.reader().await?.conn(), Row, sql, slug)?;
        Ok(row.map(read).transpose()?)
    }

    async fn organisations(&self, page: PageRequest) -> Result<Page<Organisation>, StoreError> {
        let sql = select!("WHERE id > $1 ORDER BY id LIMIT $2");
        let rows = all!(&mut self.reader().await?.conn(), Row, sql, paging::after(page), paging::limit(page))?;
        Ok(paging::page(page, rows, read, |organisation| organisation.id.0)?)
    }
}
