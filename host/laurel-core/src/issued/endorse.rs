//! An organisation speaks for an achievement, a profile or a credential (Open Badges 3.0, section B.2).

use laurel_openbadges::documents::EndorsementCredential;

use super::{Issued, IssuedKind, url, write::write};
use crate::awards::Desk;
use crate::credentials::Surroundings;
use crate::error::{Error, Faults};
use crate::house::House;
use crate::id::{IssuedId, PublicId};
use crate::organisations::{Organisation, issuer_profile};
use crate::text::{identifier, one_line, prose};
use crate::time::Timestamp;

/// What is to be endorsed, and in which words.
#[derive(Clone, Debug)]
pub struct NewEndorsement {
    /// Identifier of what is endorsed: a URL, URN or DID, here or elsewhere.
    pub endorses: String,
    /// The endorsement in words (Markdown).
    pub comment: String,
    /// Its name; none means one with the organisation's.
    pub name: Option<String>,
    /// Until when.
    pub valid_until: Option<Timestamp>,
}

/// Endorses.
///
/// # Errors
/// [`Error::Invalid`] with every fault; also when the identifier is an address of this house at which there is nothing.
pub async fn endorse(
    house: &House,
    organisation: &Organisation,
    new: NewEndorsement,
    around: Surroundings<'_>,
) -> Result<Issued, Error> {
    let now = house.clock.now();
    check(&new, now)?;
    if !is_there(house, &new.endorses).await? {
        return Err(Error::invalid("/endorses", "there is no such achievement or credential here"));
    }
    let bench = Desk::default().bench(house.store.as_ref(), organisation.id).await?;
    let public_id = PublicId::new(house.random.as_ref());
    let name = new.name.unwrap_or_else(|| format!("Endorsement by {}", organisation.name));
    let issuer = issuer_profile(organisation, &bench.identity.id, &house.base_url);
    let address = url(&house.base_url, public_id);
    let mut credential = EndorsementCredential::new(address, &name, issuer, now.to_second(), &new.endorses);
    credential.subject.endorsement_comment = Some(new.comment);
    credential.valid_until = new.valid_until.map(Timestamp::to_second);
    let unsigned = credential.to_bytes().map_err(|why| Error::Internal(why.to_string()))?;
    let issued = Issued {
        id: IssuedId::new(now, house.random.as_ref()),
        public_id,
        organisation: organisation.id,
        kind: IssuedKind::Endorsement,
        about: new.endorses,
        name,
        valid_until: new.valid_until,
        created: now,
    };
    write(house, organisation, issued, &unsigned, around).await
}

fn check(new: &NewEndorsement, now: Timestamp) -> Result<(), Error> {
    let mut faults = Faults::default();
    faults.check("/endorses", identifier(&new.endorses));
    faults.check("/comment", prose(&new.comment, 5_000));
    faults.optional("/name", new.name.as_ref(), |name| one_line(name, 200));
    if new.valid_until.is_some_and(|until| until <= now) {
        faults.check("/valid_until", Err("it would be over before it begins".to_owned()));
    }
    if faults.0.is_empty() { Ok(()) } else { Err(Error::Invalid(faults.0)) }
}

/// Whether there is something at an address of this house. What is elsewhere is the endorser's word.
async fn is_there(house: &House, endorsed: &str) -> Result<bool, Error> {
    let Some(path) = endorsed.strip_prefix(&*house.base_url).filter(|path| path.starts_with('/')) else {
        return Ok(true);
    };
    Ok(match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "achievements", id] => match id.parse() {
            Ok(id) => house.store.achievement(id).await?.is_some(),
            Err(_) => false,
        },
        ["", "credentials", id] => match id.parse() {
            Ok(id) => house.store.credential(id).await?.is_some(),
            Err(_) => false,
        },
        _ => false,
    })
}
