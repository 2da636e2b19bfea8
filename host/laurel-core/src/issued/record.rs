//! A record of what somebody learned: the badges of one earner that count, bundled and signed (CLR Standard 2.0).

use laurel_openbadges::documents::ClrCredential;
use serde_json::Value;

use super::{Issued, IssuedKind, url, write::write};
use crate::awards::{Award, Desk, Standing};
use crate::credentials::{MAX_DOCUMENT, Surroundings, is_lost};
use crate::error::Error;
use crate::house::House;
use crate::id::{IssuedId, PublicId, SubjectId};
use crate::organisations::{Organisation, issuer_profile};
use crate::subjects;

/// The most badges in one record.
const MOST: usize = 100;

/// Bytes of them: a record must not grow beyond what verifiers take, this house's among them.
const MAX_BADGES: usize = MAX_DOCUMENT / 2;

/// Bundles the signed badges of a subject that count at the moment; where there are too many, the latest, and the record says that it is
/// partial.
///
/// # Errors
/// [`Error::Conflict`] if there is none, and if the organisation's credentials are tokens, which a record cannot hold.
pub async fn record(
    house: &House,
    organisation: &Organisation,
    subject: SubjectId,
    around: Surroundings<'_>,
) -> Result<Issued, Error> {
    if organisation.suite.is_token() {
        let why = "a record holds credentials with their proof inside; those of this organisation are tokens";
        return Err(Error::Conflict(why.to_owned()));
    }
    let subject = subjects::current(house, subject).await?.filter(|subject| subject.organisation == organisation.id);
    let subject = subject.ok_or(Error::NotFound("subject"))?;
    let (badges, partial) = badges(house, organisation, subject.id).await?;
    if badges.is_empty() {
        return Err(Error::Conflict("the subject has no signed credential here that counts".to_owned()));
    }
    let now = house.clock.now();
    let bench = Desk::default().bench(house.store.as_ref(), organisation.id).await?;
    let public_id = PublicId::new(house.random.as_ref());
    let name = format!("Learner record by {}", organisation.name);
    // As in a badge, the earner is named by nothing that could be joined with anything else.
    let earner = format!("urn:uuid:{}", PublicId::new(house.random.as_ref()).0.hyphenated());
    let issuer = issuer_profile(organisation, &bench.identity.id, &house.base_url);
    let address = url(&house.base_url, public_id);
    let mut credential = ClrCredential::new(address, &name, issuer, now.to_second(), earner, badges);
    credential.awarded_date = Some(now.to_second());
    credential.partial = Some(partial);
    let unsigned = credential.to_bytes().map_err(|why| Error::Internal(why.to_string()))?;
    let issued = Issued {
        id: IssuedId::new(now, house.random.as_ref()),
        public_id,
        organisation: organisation.id,
        kind: IssuedKind::Record,
        about: subject.id.to_string(),
        name,
        valid_until: None,
        created: now,
    };
    write(house, organisation, issued, &unsigned, around).await
}

/// The badges, oldest first, and whether some had to be left out.
async fn badges(house: &House, organisation: &Organisation, subject: SubjectId) -> Result<(Vec<Value>, bool), Error> {
    let family = house.store.subject_family(subject).await?;
    let (mut badges, mut bytes) = (Vec::new(), 0);
    for award in house.store.awards_of(&family).await?.iter().rev().filter(|award| counts(house, organisation, award)) {
        let document = house.store.credential(award.public_id).await?.ok_or(Error::NotFound("credential"))?;
        if is_lost(house, &document).await? {
            continue;
        }
        bytes += document.len();
        if badges.len() == MOST || bytes > MAX_BADGES {
            badges.reverse();
            return Ok((badges, true));
        }
        badges.push(serde_json::from_slice(&document).map_err(|why| Error::Internal(why.to_string()))?);
    }
    badges.reverse();
    Ok((badges, false))
}

fn counts(house: &House, organisation: &Organisation, award: &Award) -> bool {
    let is_over = award.valid_until.is_some_and(|until| until <= house.clock.now());
    award.organisation == organisation.id && award.signed && award.standing == Standing::Active && !is_over
}
