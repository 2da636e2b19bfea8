//! Statuses of credentials that stand behind no award: issued over the VC-API, endorsements, learner records.

use std::collections::BTreeSet;
use uuid::Uuid;

use laurel_core::id::OrganisationId;
use laurel_core::status::{IssuedPlace, Purpose, StatusChange, StatusOutcome, Topic};

use crate::engine::{Conn, Fault, all, one, run};
use crate::events::hash::credential_key;
use crate::stored::{from_json, from_word, json};

pub(crate) async fn insert(conn: &mut Conn<'_>, place: &IssuedPlace) -> Result<(), Fault> {
    let sql = "INSERT INTO issued_place (credential, list, place, purposes, created) VALUES ($1, $2, $3, $4, $5)";
    let key = credential_key(place.organisation, &place.credential);
    let purposes = json(&place.purposes)?;
    run!(conn, sql, key, place.list.0, place.index.cast_signed(), purposes, place.created.0)?;
    Ok(())
}

/// What the places of a credential say.
pub(crate) async fn statuses(
    conn: &mut Conn<'_>,
    organisation: OrganisationId,
    credential: &str,
) -> Result<Vec<Purpose>, Fault> {
    let sql = "SELECT DISTINCT b.topic FROM issued_place p JOIN status_bit b ON b.list = p.list AND b.place = p.place
        WHERE p.credential = $1 AND b.topic IN ('revocation', 'suspension') ORDER BY b.topic";
    let words = all!(conn, (String,), sql, credential_key(organisation, credential))?;
    words.into_iter().map(|(purpose,)| from_word("status", purpose)).collect()
}

/// What is to be done to one credential.
pub(crate) struct Wish {
    pub(crate) organisation: OrganisationId,
    pub(crate) credential: String,
    pub(crate) changes: Vec<StatusChange>,
}

/// Makes the changes at all places, unless one of them cannot be made.
pub(crate) async fn change(conn: &mut Conn<'_>, wish: &Wish) -> Result<StatusOutcome, Fault> {
    let sql = "SELECT list, place, purposes FROM issued_place WHERE credential = $1 ORDER BY list, place FOR UPDATE";
    let key = credential_key(wish.organisation, &wish.credential);
    let places = all!(conn, (Uuid, i32, String), conn.locking(sql), key)?;
    if places.is_empty() {
        return Ok(StatusOutcome::NotIssued);
    }
    let mut after = Vec::new();
    for (list, place, purposes) in &places {
        let known: Vec<Purpose> = from_json("purposes", purposes)?;
        if let Some(strange) = wish.changes.iter().find(|change| !known.contains(&change.purpose)) {
            return Ok(StatusOutcome::NoEntry(strange.purpose));
        }
        let before = purpose_at(conn, *list, *place).await?;
        match changed(before, &wish.changes) {
            Ok(now) => after.push((*list, *place, before, now)),
            Err(outcome) => return Ok(outcome),
        }
    }
    write(conn, after).await?;
    Ok(StatusOutcome::Done)
}

/// What a place says after the changes: revoked counts more than suspended, and is not taken back.
fn changed(before: Option<Purpose>, changes: &[StatusChange]) -> Result<Option<Purpose>, StatusOutcome> {
    let mut now = before;
    for change in changes {
        now = match (now, change.purpose, change.set) {
            (Some(Purpose::Revocation), Purpose::Revocation, false) => return Err(StatusOutcome::Revoked),
            (Some(Purpose::Revocation), ..) | (_, Purpose::Revocation, true) => Some(Purpose::Revocation),
            (other, Purpose::Revocation, false) => other,
            (_, Purpose::Suspension, set) => set.then_some(Purpose::Suspension),
        };
    }
    Ok(now)
}

type Place = (Uuid, i32, Option<Purpose>, Option<Purpose>);

async fn write(conn: &mut Conn<'_>, places: Vec<Place>) -> Result<(), Fault> {
    let mut lists = BTreeSet::new();
    for (list, place, _, now) in places.into_iter().filter(|(.., before, now)| before != now) {
        set_purpose(conn, list, place, now).await?;
        lists.insert(list);
    }
    // At the end and in order, as where awards change: lists are shared.
    for list in lists {
        run!(conn, "UPDATE status_list SET revision = revision + 1 WHERE id = $1", list)?;
    }
    Ok(())
}

/// Whether a place is revoked or suspended: never both.
async fn purpose_at(conn: &mut Conn<'_>, list: Uuid, place: i32) -> Result<Option<Purpose>, Fault> {
    let sql = "SELECT topic FROM status_bit WHERE list = $1 AND place = $2 AND topic IN ('revocation', 'suspension')";
    one!(conn, (String,), sql, list, place)?.map(|(word,)| from_word("status", word)).transpose()
}

/// Revokes or suspends a place, or neither. What else it tells stays.
pub(crate) async fn set_purpose(
    conn: &mut Conn<'_>,
    list: Uuid,
    place: i32,
    purpose: Option<Purpose>,
) -> Result<(), Fault> {
    let sql = "DELETE FROM status_bit WHERE list = $1 AND place = $2 AND topic IN ('revocation', 'suspension')";
    run!(conn, sql, list, place)?;
    if let Some(purpose) = purpose {
        let sql = "INSERT INTO status_bit (list, place, topic) VALUES ($1, $2, $3)";
        run!(conn, sql, list, place, Topic::Purpose(purpose).to_string())?;
    }
    Ok(())
}
