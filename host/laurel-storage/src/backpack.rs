//! What earners keep here.

use async_trait::async_trait;
use uuid::Uuid;

use laurel_core::backpack::{BackpackStore, Keeping, KeptCredential, KeptEntry};
use laurel_core::id::{KeptId, SubjectId};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, Rows, one, run};
use crate::stored::{fixed, from_word, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    key: Vec<u8>,
    form: String,
    issued: i64,
    kept: i64,
    size: i64,
}

fn read(row: Row) -> Result<KeptEntry, Fault> {
    Ok(KeptEntry {
        id: KeptId(row.id),
        key: fixed("kept credential", &row.key)?,
        form: from_word("kept credential", row.form)?,
        issued: Timestamp(row.issued),
        kept: Timestamp(row.kept),
        size: usize::try_from(row.size).unwrap_or(usize::MAX),
    })
}

/// What is to be kept, and where it may be already.
struct Coming {
    credential: KeptCredential,
    family: Vec<SubjectId>,
    most: usize,
}

async fn of(conn: &mut Conn<'_>, subjects: &[SubjectId]) -> Result<Vec<KeptEntry>, Fault> {
    let sql = "SELECT id, key, form, issued, kept, CAST(LENGTH(document) AS BIGINT) AS size FROM kept_credential
        WHERE subject IN ({rows})";
    let rows: Vec<Row> = Rows::of(subjects).uuid(|subject| subject.0).all(conn, sql).await?;
    let mut entries = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    entries.sort_unstable_by_key(|entry| (entry.issued, entry.id));
    Ok(entries)
}

async fn keep(conn: &mut Conn<'_>, coming: &Coming) -> Result<Keeping, Fault> {
    let there = of(conn, &coming.family).await?;
    let same: Vec<KeptId> =
        there.iter().filter(|entry| entry.key == coming.credential.key).map(|entry| entry.id).collect();
    if same.is_empty() {
        return if there.len() < coming.most { add(conn, &coming.credential).await } else { Ok(Keeping::Full) };
    }
    // After a merge there may be two: both are this credential.
    for id in same {
        replace(conn, id, &coming.credential).await?;
    }
    Ok(Keeping::Replaced)
}

async fn add(conn: &mut Conn<'_>, new: &KeptCredential) -> Result<Keeping, Fault> {
    let sql = "INSERT INTO kept_credential (id, subject, key, form, issued, kept, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subject, key) DO NOTHING";
    let (key, document) = (new.key.as_slice(), new.document.as_slice());
    let added = run!(conn, sql, new.id.0, new.subject.0, key, word(&new.form), new.issued.0, new.kept.0, document)?;
    // Somebody else brought the same at the same moment: again, to replace it.
    if added == 1 { Ok(Keeping::Added) } else { Err(Fault::Stale) }
}

async fn replace(conn: &mut Conn<'_>, id: KeptId, new: &KeptCredential) -> Result<(), Fault> {
    let sql = "UPDATE kept_credential SET form = $2, issued = $3, kept = $4, document = $5 WHERE id = $1";
    run!(conn, sql, id.0, word(&new.form), new.issued.0, new.kept.0, new.document.as_slice())?;
    Ok(())
}

async fn set_profile(conn: &mut Conn<'_>, subject: SubjectId, profile: &str, now: Timestamp) -> Result<(), Fault> {
    let sql = "INSERT INTO earner_profile (subject, profile, changed) VALUES ($1, $2, $3)
        ON CONFLICT (subject) DO UPDATE SET profile = excluded.profile, changed = excluded.changed";
    run!(conn, sql, subject.0, profile, now.0)?;
    Ok(())
}

#[async_trait]
impl BackpackStore for Database {
    async fn keep_credential(
        &self,
        credential: &KeptCredential,
        family: &[SubjectId],
        most: usize,
    ) -> Result<Keeping, StoreError> {
        let coming = Coming { credential: credential.clone(), family: family.to_vec(), most };
        Ok(self.write(coming, |coming, conn| Box::pin(keep(conn, coming))).await?)
    }

    async fn kept_credentials(&self, subjects: &[SubjectId]) -> Result<Vec<KeptEntry>, StoreError> {
        Ok(of(&mut self.reader().await?.conn(), subjects).await?)
    }

    async fn kept_document(&self, id: KeptId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT document FROM kept_credential WHERE id = $1";
        let row = one!(&mut self.reader().await?.conn(), (Vec<u8>,), sql, id.0)?;
        Ok(row.map(|(document,)| document))
    }

    async fn earner_profile(&self, subjects: &[SubjectId]) -> Result<Option<String>, StoreError> {
        let sql = "SELECT changed, profile FROM earner_profile WHERE subject IN ({rows})";
        let rows: Vec<(i64, String)> =
            Rows::of(subjects).uuid(|subject| subject.0).all(&mut self.reader().await?.conn(), sql).await?;
        Ok(rows.into_iter().max_by_key(|(changed, _)| *changed).map(|(_, profile)| profile))
    }

    async fn set_earner_profile(&self, subject: SubjectId, profile: &str, now: Timestamp) -> Result<(), StoreError> {
        let work = (subject, profile.to_owned(), now);
        Ok(self
            .write(work, |(subject, profile, now), conn| Box::pin(set_profile(conn, *subject, profile, *now)))
            .await?)
    }
}
