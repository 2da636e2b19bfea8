//! Status lists.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, PublicId, StatusListId};
use laurel_core::status::{
    Block, ChangedList, IssuedPlace, LIST_SIZE, Purpose, StatusChange, StatusList, StatusOutcome, StatusStore, Topic,
};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::issued::{self, Wish};
use crate::stored::{fixed, from_word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    seed: Vec<u8>,
    next: i64,
    revision: i64,
}

fn read(row: &Row) -> Result<StatusList, Fault> {
    Ok(StatusList {
        id: StatusListId(row.id),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        seed: fixed("status list", &row.seed)?,
        next: u32::try_from(row.next).unwrap_or(LIST_SIZE),
    })
}

async fn insert(conn: &mut Conn<'_>, list: &StatusList, now: Timestamp) -> Result<(), Fault> {
    let sql = "INSERT INTO status_list (id, public_id, organisation, seed, next, revision, published, created)
        VALUES ($1, $2, $3, $4, $5, 1, 0, $6)";
    let next = i64::from(list.next);
    run!(conn, sql, list.id.0, list.public_id.0, list.organisation.0, list.seed.as_slice(), next, now.0)
        .taken("status list")
        .missing("organisation")?;
    Ok(())
}

async fn take_block(conn: &mut Conn<'_>, organisation: OrganisationId, want: u32) -> Result<Option<Block>, Fault> {
    let sql = "SELECT id, public_id, organisation, seed, next, revision FROM status_list
        WHERE organisation = $1 ORDER BY id DESC LIMIT 1 FOR UPDATE";
    let Some(row) = one!(conn, Row, conn.locking(sql), organisation.0)? else { return Ok(None) };
    let list = read(&row)?;
    let end = list.next.saturating_add(want).min(LIST_SIZE);
    if end <= list.next {
        return Ok(None);
    }
    run!(conn, "UPDATE status_list SET next = $2 WHERE id = $1", list.id.0, i64::from(end))?;
    Ok(Some(Block { list: list.id, public_id: list.public_id, seed: list.seed, first: list.next, end }))
}

async fn changed(conn: &mut Conn<'_>, max: usize) -> Result<Vec<ChangedList>, Fault> {
    let sql = "SELECT id, public_id, organisation, seed, next, revision FROM status_list
        WHERE revision > published ORDER BY id LIMIT $1";
    let rows = all!(conn, Row, sql, i64::try_from(max).unwrap_or(i64::MAX))?;
    let mut lists = Vec::new();
    for row in rows {
        // Bits after the revision: they may be newer than it, and then the list counts as changed again.
        lists.push(ChangedList { list: read(&row)?, revision: row.revision, set: bits(conn, row.id).await? });
    }
    Ok(lists)
}

/// The bits that are set in a list.
async fn bits(conn: &mut Conn<'_>, list: Uuid) -> Result<Vec<(Topic, u32)>, Fault> {
    let sql = "SELECT place, purpose FROM status_bit WHERE list = $1 ORDER BY place";
    let mut set = Vec::new();
    for (place, purpose) in all!(conn, (i32, String), sql, list)? {
        set.push((Topic::Purpose(from_word("status", purpose)?), place.cast_unsigned()));
    }
    let sql = "SELECT place, number FROM status_message WHERE list = $1 ORDER BY place, number";
    for (place, number) in all!(conn, (i32, i32), sql, list)? {
        set.push((message(number)?, place.cast_unsigned()));
    }
    Ok(set)
}

fn message(number: i32) -> Result<Topic, Fault> {
    u8::try_from(number).map(Topic::Message).map_err(|_| Fault::Store(StoreError::Database("a message number".into())))
}

/// What a place of a list shall say.
struct Saying {
    list: PublicId,
    place: i32,
    numbers: Vec<u8>,
}

async fn say(conn: &mut Conn<'_>, saying: &Saying) -> Result<(), Fault> {
    let sql = "UPDATE status_list SET revision = revision + 1 WHERE public_id = $1";
    if run!(conn, sql, saying.list.0)? == 0 {
        return Err(Fault::Store(StoreError::Missing("status list")));
    }
    let sql =
        "DELETE FROM status_message WHERE place = $2 AND list = (SELECT id FROM status_list WHERE public_id = $1)";
    run!(conn, sql, saying.list.0, saying.place)?;
    for number in &saying.numbers {
        let sql = "INSERT INTO status_message (list, place, number)
            SELECT id, $2, $3 FROM status_list WHERE public_id = $1";
        run!(conn, sql, saying.list.0, saying.place, i32::from(*number))?;
    }
    Ok(())
}

async fn renew(conn: &mut Conn<'_>, organisation: OrganisationId) -> Result<(), Fault> {
    run!(conn, "UPDATE status_list SET revision = revision + 1 WHERE organisation = $1", organisation.0)?;
    Ok(())
}

/// Documents of one revision of a list.
struct Publication {
    list: StatusList,
    revision: i64,
    documents: Vec<(Topic, Vec<u8>)>,
    now: Timestamp,
}

async fn publish(conn: &mut Conn<'_>, publication: &Publication) -> Result<(), Fault> {
    let Publication { list, revision, documents, now } = publication;
    let sql = "UPDATE status_list SET published = $2 WHERE id = $1 AND published <= $2";
    if run!(conn, sql, list.id.0, *revision)? == 0 {
        return Ok(());
    }
    for (topic, document) in documents {
        let sql = "INSERT INTO status_document (public_id, topic, published, document) VALUES ($1, $2, $3, $4)
            ON CONFLICT (public_id, topic) DO UPDATE SET published = excluded.published, document = excluded.document";
        run!(conn, sql, list.public_id.0, topic.to_string(), now.0, document.as_slice())?;
    }
    Ok(())
}

#[async_trait]
impl StatusStore for Database {
    async fn insert_status_list(&self, list: &StatusList, now: Timestamp) -> Result<(), StoreError> {
        Ok(self.write((list.clone(), now), |(list, now), conn| Box::pin(insert(conn, list, *now))).await?)
    }

    async fn status_list(&self, id: PublicId) -> Result<Option<StatusList>, StoreError> {
        let sql = "SELECT id, public_id, organisation, seed, next, revision FROM status_list WHERE public_id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    async fn take_status_block(&self, organisation: OrganisationId, want: u32) -> Result<Option<Block>, StoreError> {
        let work = (organisation, want);
        Ok(self.write(work, |(organisation, want), conn| Box::pin(take_block(conn, *organisation, *want))).await?)
    }

    async fn changed_status_lists(&self, max: usize) -> Result<Vec<ChangedList>, StoreError> {
        Ok(changed(&mut self.reader().await?.conn(), max).await?)
    }

    async fn count_unpublished(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM status_list WHERE revision > published";
        let row = one!(&mut self.reader().await?.conn(), (i64,), sql)?;
        Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }

    async fn renew_status_lists(&self, organisation: OrganisationId) -> Result<(), StoreError> {
        Ok(self.write(organisation, |organisation, conn| Box::pin(renew(conn, *organisation))).await?)
    }

    async fn insert_issued_place(&self, place: &IssuedPlace) -> Result<(), StoreError> {
        Ok(self.write(place.clone(), |place, conn| Box::pin(issued::insert(conn, place))).await?)
    }

    async fn issued_statuses(
        &self,
        organisation: OrganisationId,
        credential: &str,
    ) -> Result<Vec<Purpose>, StoreError> {
        Ok(issued::statuses(&mut self.reader().await?.conn(), organisation, credential).await?)
    }

    async fn change_issued_statuses(
        &self,
        organisation: OrganisationId,
        credential: &str,
        changes: &[StatusChange],
    ) -> Result<StatusOutcome, StoreError> {
        let wish = Wish { organisation, credential: credential.to_owned(), changes: changes.to_vec() };
        Ok(self.write(wish, |wish, conn| Box::pin(issued::change(conn, wish))).await?)
    }

    async fn publish_status_list(
        &self,
        list: &StatusList,
        revision: i64,
        documents: &[(Topic, Vec<u8>)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work = Publication { list: list.clone(), revision, documents: documents.to_vec(), now };
        Ok(self.write(work, |publication, conn| Box::pin(publish(conn, publication))).await?)
    }

    async fn status_document(&self, id: PublicId, topic: Topic) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
        let sql = "SELECT document, published FROM status_document WHERE public_id = $1 AND topic = $2";
        let row = one!(&mut self.reader().await?.conn(), (Vec<u8>, i64), sql, id.0, topic.to_string())?;
        Ok(row.map(|(document, published)| (document, Timestamp(published))))
    }

    async fn set_status_messages(&self, list: PublicId, index: u32, numbers: &[u8]) -> Result<(), StoreError> {
        let saying = Saying { list, place: index.cast_signed(), numbers: numbers.to_vec() };
        Ok(self.write(saying, |saying, conn| Box::pin(say(conn, saying))).await?)
    }

    async fn status_messages(&self, list: PublicId, index: u32) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT m.number FROM status_list l JOIN status_message m ON m.list = l.id
            WHERE l.public_id = $1 AND m.place = $2 ORDER BY m.number";
        let rows = all!(&mut self.reader().await?.conn(), (i32,), sql, list.0, index.cast_signed())?;
        Ok(rows.into_iter().filter_map(|(number,)| u8::try_from(number).ok()).collect())
    }
}
