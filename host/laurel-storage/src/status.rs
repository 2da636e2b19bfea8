//! Status lists.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::id::{OrganisationId, PublicId, StatusListId};
use laurel_core::organisations::StatusEntries;
use laurel_core::status::{
    Block, Changed, ChangedList, IssuedPlace, Purpose, StatusChange, StatusDocument, StatusList, StatusOutcome,
    StatusStore, Topic,
};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::issued::{self, Wish};
use crate::stored::{corrupt, fixed, from_word, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    public_id: Uuid,
    organisation: Uuid,
    entries: String,
    size: i32,
    seed: Vec<u8>,
    next: i64,
    revision: i64,
    published: i64,
    void: bool,
}

fn read(row: &Row) -> Result<StatusList, Fault> {
    Ok(StatusList {
        id: StatusListId(row.id),
        public_id: PublicId(row.public_id),
        organisation: OrganisationId(row.organisation),
        entries: from_word("status entries", row.entries.clone())?,
        size: row.size.cast_unsigned(),
        seed: fixed("status list", &row.seed)?,
        next: u32::try_from(row.next).map_err(|why| corrupt("status list", &why))?,
        void: row.void,
    })
}

/// A bit's topic, as it is stored.
fn topic(word: &str) -> Result<Topic, Fault> {
    word.parse().map_err(|why| corrupt("status topic", &why))
}

async fn insert(conn: &mut Conn<'_>, list: &StatusList, now: Timestamp) -> Result<(), Fault> {
    let sql =
        "INSERT INTO status_list (id, public_id, organisation, entries, size, seed, next, revision, published, void, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, $8, $9)";
    let (size, seed, next) = (list.size.cast_signed(), list.seed.as_slice(), i64::from(list.next));
    let entries = word(&list.entries);
    run!(conn, sql, list.id.0, list.public_id.0, list.organisation.0, entries, size, seed, next, list.void, now.0)
        .taken("status list")
        .missing("organisation")?;
    Ok(())
}

async fn take_block(
    conn: &mut Conn<'_>,
    organisation: OrganisationId,
    entries: StatusEntries,
    want: u32,
) -> Result<Option<Block>, Fault> {
    let sql =
        "SELECT id, public_id, organisation, entries, size, seed, next, revision, published, void FROM status_list
        WHERE organisation = $1 AND entries = $2 ORDER BY id DESC LIMIT 1 FOR UPDATE";
    let Some(row) = one!(conn, Row, conn.locking(sql), organisation.0, word(&entries))? else { return Ok(None) };
    let list = read(&row)?;
    let end = list.next.saturating_add(want).min(list.size);
    if end <= list.next || list.void {
        return Ok(None);
    }
    run!(conn, "UPDATE status_list SET next = $2 WHERE id = $1", list.id.0, i64::from(end))?;
    let StatusList { id, public_id, size, seed, next: first, .. } = list;
    Ok(Some(Block { list: id, public_id, entries, size, seed, first, end }))
}

/// A list whose published form is out of date. A void one is final once it is published as such.
macro_rules! is_changed {
    ($select:literal, $rest:literal) => {
        concat!($select, " FROM status_list WHERE revision > published AND (published = 0 OR NOT void) ", $rest)
    };
}

async fn changed(
    conn: &mut Conn<'_>,
    which: Changed,
    after: Option<StatusListId>,
    max: usize,
) -> Result<Vec<StatusListId>, Fault> {
    let sql = match which {
        Changed::Any => is_changed!("SELECT id", "AND id > $1 ORDER BY id LIMIT $2"),
        Changed::Urgent => is_changed!("SELECT id", "AND published = 0 AND id > $1 ORDER BY id LIMIT $2"),
    };
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = all!(conn, (Uuid,), sql, after, i64::try_from(max).unwrap_or(i64::MAX))?;
    Ok(rows.into_iter().map(|(id,)| StatusListId(id)).collect())
}

async fn changed_list(conn: &mut Conn<'_>, id: StatusListId) -> Result<Option<ChangedList>, Fault> {
    let sql = is_changed!(
        "SELECT id, public_id, organisation, entries, size, seed, next, revision, published, void",
        "AND id = $1"
    );
    let Some(row) = one!(conn, Row, sql, id.0)? else { return Ok(None) };
    let list = read(&row)?;
    // Bits after the revision: they may be newer than it, and then the list counts as changed again. Digests after what was published:
    // they may be newer than that, and then nothing that rests on them is stored.
    let set = bits(conn, row.id).await?;
    let digests = digests(conn, row.public_id).await?;
    Ok(Some(ChangedList { list, revision: row.revision, published: row.published, set, digests }))
}

/// The bits that are set in a list.
async fn bits(conn: &mut Conn<'_>, list: Uuid) -> Result<Vec<(Topic, u32)>, Fault> {
    let sql = "SELECT place, topic FROM status_bit WHERE list = $1 ORDER BY place, topic";
    let rows = all!(conn, (i32, String), sql, list)?;
    rows.into_iter().map(|(place, word)| Ok((topic(&word)?, place.cast_unsigned()))).collect()
}

async fn digests(conn: &mut Conn<'_>, list: Uuid) -> Result<Vec<(Topic, [u8; 32])>, Fault> {
    let rows = all!(conn, (String, Vec<u8>), "SELECT topic, digest FROM status_document WHERE public_id = $1", list)?;
    rows.into_iter().map(|(word, digest)| Ok((topic(&word)?, fixed("status document", &digest)?))).collect()
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
    let sql = "DELETE FROM status_bit WHERE place = $2 AND topic LIKE 'message-%'
        AND list = (SELECT id FROM status_list WHERE public_id = $1)";
    run!(conn, sql, saying.list.0, saying.place)?;
    for number in &saying.numbers {
        let sql = "INSERT INTO status_bit (list, place, topic) SELECT id, $2, $3 FROM status_list WHERE public_id = $1";
        run!(conn, sql, saying.list.0, saying.place, Topic::Message(*number).to_string())?;
    }
    Ok(())
}

async fn renew(conn: &mut Conn<'_>, organisation: OrganisationId) -> Result<(), Fault> {
    let sql = "UPDATE status_list SET revision = revision + 1, published = 0 WHERE organisation = $1 AND NOT void";
    run!(conn, sql, organisation.0)?;
    Ok(())
}

async fn make_void(conn: &mut Conn<'_>, organisation: OrganisationId) -> Result<Vec<StatusListId>, Fault> {
    let sql = "UPDATE status_list SET revision = revision + 1, published = 0, void = TRUE WHERE organisation = $1 AND NOT void";
    run!(conn, sql, organisation.0)?;
    let sql = "SELECT id FROM status_list WHERE organisation = $1 AND void AND published = 0 ORDER BY id";
    let lists = all!(conn, (Uuid,), sql, organisation.0)?;
    Ok(lists.into_iter().map(|(id,)| StatusListId(id)).collect())
}

/// Documents of one revision of a list.
struct Publication {
    changed: ChangedList,
    documents: Vec<StatusDocument>,
    now: Timestamp,
}

async fn publish(conn: &mut Conn<'_>, publication: &Publication) -> Result<(), Fault> {
    let Publication { changed, documents, now } = publication;
    let list = &changed.list;
    // Which topics need a new document was found by looking at what was published then; and a void list is published as void or not at all.
    let sql = "UPDATE status_list SET published = $2 WHERE id = $1 AND published = $3 AND void = $4";
    if run!(conn, sql, list.id.0, changed.revision, changed.published, list.void)? == 0 {
        return Ok(());
    }
    for StatusDocument { topic, digest, bytes } in documents {
        let sql =
            "INSERT INTO status_document (public_id, topic, published, digest, document) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (public_id, topic)
            DO UPDATE SET published = excluded.published, digest = excluded.digest, document = excluded.document";
        let (digest, bytes) = (digest.as_slice(), bytes.as_slice());
        run!(conn, sql, list.public_id.0, topic.to_string(), now.0, digest, bytes)?;
    }
    Ok(())
}

#[async_trait]
impl StatusStore for Database {
    async fn insert_status_list(&self, list: &StatusList, now: Timestamp) -> Result<(), StoreError> {
        Ok(self.write((list.clone(), now), |(list, now), conn| Box::pin(insert(conn, list, *now))).await?)
    }

    async fn status_list(&self, id: PublicId) -> Result<Option<StatusList>, StoreError> {
        let sql =
            "SELECT id, public_id, organisation, entries, size, seed, next, revision, published, void FROM status_list
            WHERE public_id = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, id.0)?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    async fn take_status_block(
        &self,
        organisation: OrganisationId,
        entries: StatusEntries,
        want: u32,
    ) -> Result<Option<Block>, StoreError> {
        let work = (organisation, entries, want);
        Ok(self.write(work, |(whose, entries, want), conn| Box::pin(take_block(conn, *whose, *entries, *want))).await?)
    }

    async fn changed_status_lists(
        &self,
        which: Changed,
        after: Option<StatusListId>,
        max: usize,
    ) -> Result<Vec<StatusListId>, StoreError> {
        Ok(changed(&mut self.reader().await?.conn(), which, after, max).await?)
    }

    async fn changed_status_list(&self, id: StatusListId) -> Result<Option<ChangedList>, StoreError> {
        Ok(changed_list(&mut self.reader().await?.conn(), id).await?)
    }

    async fn count_unpublished(&self) -> Result<u64, StoreError> {
        let row = one!(&mut self.reader().await?.conn(), (i64,), is_changed!("SELECT COUNT(*)", ""))?;
        Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }

    async fn renew_status_lists(&self, organisation: OrganisationId) -> Result<(), StoreError> {
        Ok(self.write(organisation, |organisation, conn| Box::pin(renew(conn, *organisation))).await?)
    }

    async fn void_status_lists(&self, organisation: OrganisationId) -> Result<Vec<StatusListId>, StoreError> {
        Ok(self.write(organisation, |organisation, conn| Box::pin(make_void(conn, *organisation))).await?)
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
        changed: &ChangedList,
        documents: &[StatusDocument],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work = Publication { changed: changed.clone(), documents: documents.to_vec(), now };
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
        let sql = "SELECT b.topic FROM status_list l JOIN status_bit b ON b.list = l.id
            WHERE l.public_id = $1 AND b.place = $2 AND b.topic LIKE 'message-%' ORDER BY b.topic";
        let rows = all!(&mut self.reader().await?.conn(), (String,), sql, list.0, index.cast_signed())?;
        let number = |(word,): (String,)| match topic(&word)? {
            Topic::Message(number) => Ok(number),
            other => Err(corrupt("message", &other)),
        };
        Ok(rows.into_iter().map(number).collect::<Result<_, Fault>>()?)
    }
}
