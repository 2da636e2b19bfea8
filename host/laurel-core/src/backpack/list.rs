//! What a client reads: the badges earned here and those kept here, as one list in order of issue.

use std::collections::HashMap;

use laurel_openbadges::jwt::is_token;

use super::{Form, Held, KeptEntry};
use crate::awards::Standing;
use crate::error::Error;
use crate::house::House;
use crate::id::{KeptId, PublicId, SubjectId};
use crate::subjects::Subject;
use crate::time::Timestamp;

/// So many credentials are given at once.
pub const MAX_LIMIT: usize = 200;

/// Bytes of kept credentials that are given at once; a part ends before it grows beyond them.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Which part of the list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// At most so many; [`MAX_LIMIT`] is the most.
    pub limit: usize,
    /// Pass over so many.
    pub offset: usize,
    /// Only what was issued after this.
    pub since: Option<Timestamp>,
}

/// A part of the list.
#[derive(Clone, Debug)]
pub struct Part {
    /// How many there are in all.
    pub total: usize,
    /// Those wanted, oldest first.
    pub credentials: Vec<Held>,
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    issued: Timestamp,
    place: Place,
}

/// Where a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Earned(PublicId),
    Kept(KeptId, usize),
}

/// The badges of an earner: of those earned here the signed ones that count, as on the earner's page.
pub async fn list(house: &House, earner: &Subject, wanted: Wanted) -> Result<Part, Error> {
    let family = house.store.subject_family(earner.id).await?;
    let kept = latest(house.store.kept_credentials(&family).await?);
    let lines = lines(house, &family, &kept, wanted.since).await?;
    let mut credentials = Vec::new();
    let mut bytes = 0;
    for line in lines.iter().skip(wanted.offset).take(wanted.limit.min(MAX_LIMIT)) {
        if let Place::Kept(_, size) = line.place {
            bytes += size;
            if bytes > MAX_BYTES && !credentials.is_empty() {
                break;
            }
        }
        credentials.push(held(house, line.place, &kept).await?);
    }
    Ok(Part { total: lines.len(), credentials })
}

/// Of several copies of one credential (after a merge) the one that came last.
fn latest(entries: Vec<KeptEntry>) -> HashMap<KeptId, KeptEntry> {
    let mut by_key: HashMap<[u8; 32], KeptEntry> = HashMap::new();
    for entry in entries {
        let known = by_key.entry(entry.key).or_insert(entry);
        if (entry.kept, entry.id) > (known.kept, known.id) {
            *known = entry;
        }
    }
    by_key.into_values().map(|entry| (entry.id, entry)).collect()
}

async fn lines(
    house: &House,
    family: &[SubjectId],
    kept: &HashMap<KeptId, KeptEntry>,
    since: Option<Timestamp>,
) -> Result<Vec<Line>, Error> {
    let awards = house.store.awards_of(family).await?;
    let earned = awards.iter().filter(|award| award.signed && award.standing == Standing::Active);
    let earned = earned.map(|award| Line { issued: award.awarded, place: Place::Earned(award.public_id) });
    let kept = kept.values().map(|entry| Line { issued: entry.issued, place: Place::Kept(entry.id, entry.size) });
    let mut lines: Vec<Line> =
        earned.chain(kept).filter(|line| since.is_none_or(|since| line.issued > since)).collect();
    lines.sort_unstable_by_key(|line| (line.issued, line.place));
    Ok(lines)
}

async fn held(house: &House, place: Place, kept: &HashMap<KeptId, KeptEntry>) -> Result<Held, Error> {
    let document = match place {
        Place::Earned(id) => house.store.credential(id).await?,
        Place::Kept(id, _) => house.store.kept_document(id).await?,
    };
    let document = document.ok_or_else(|| Error::Internal("a listed credential has no document".to_owned()))?;
    let form = match place {
        Place::Earned(_) if is_token(&document) => Form::Token,
        Place::Earned(_) => Form::Json,
        Place::Kept(id, _) => kept[&id].form,
    };
    Ok(Held { form, document })
}
