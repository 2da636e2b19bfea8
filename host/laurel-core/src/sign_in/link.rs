//! The link that an organisation makes for one of its subjects.

use super::earner::Earner;
use super::{LINK_LIFE, Pass};
use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, SubjectId};
use crate::subjects;
use crate::time::Timestamp;
use crate::tokens::{digest, fresh_secret};

/// Makes a link for a subject: its secret, which nobody can find out afterwards, and until when it works.
pub async fn make_link(
    house: &House,
    organisation: OrganisationId,
    subject: SubjectId,
) -> Result<(String, Timestamp), Error> {
    let subject = subjects::find(house, organisation, subject).await?;
    let now = house.clock.now();
    let link = Pass { subject: subject.id, expires: now.plus_millis(LINK_LIFE) };
    let secret = fresh_secret("laurel_link_", &*house.random);
    house.store.insert_sign_in_link(digest(&secret), link, now).await?;
    Ok((secret, link.expires))
}

/// Whom a link would sign in. Looking does not use it up: programs that preview links look too.
///
/// # Errors
/// [`Error::NotFound`] for a link that never was, was used, or has expired.
pub async fn invitation(house: &House, secret: &str) -> Result<Earner, Error> {
    let link = house.store.sign_in_link(digest(secret)).await?;
    let link = link.filter(|link| link.expires > house.clock.now()).ok_or(Error::NotFound("sign-in link"))?;
    Earner::find(house, link.subject).await?.ok_or(Error::NotFound("sign-in link"))
}
