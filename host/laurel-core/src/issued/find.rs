//! An endorsement or a record, for its issuer and for everybody.

use super::{Issued, IssuedKind};
use crate::credentials::is_lost;
use crate::error::Error;
use crate::house::House;
use crate::id::{IssuedId, OrganisationId, PublicId};
use crate::organisations::Organisation;
use crate::status::Purpose;

/// One as it stands.
#[derive(Clone, Debug)]
pub struct ShownIssued {
    /// What it is.
    pub issued: Issued,
    /// Who issued it.
    pub organisation: Organisation,
    /// Whether it was revoked.
    pub revoked: bool,
    /// The key that signed it got into wrong hands: it does not verify any more.
    pub key_lost: bool,
    /// The exact bytes that were signed.
    pub document: Vec<u8>,
}

/// One of an organisation.
pub async fn find(
    house: &House,
    organisation: OrganisationId,
    kind: IssuedKind,
    id: IssuedId,
) -> Result<ShownIssued, Error> {
    let found = house.store.issued(id).await?;
    let issued = found.filter(|each| (each.organisation, each.kind) == (organisation, kind));
    shown(house, issued.ok_or(Error::NotFound("credential"))?).await
}

/// By public id.
pub async fn show(house: &House, id: PublicId) -> Result<ShownIssued, Error> {
    shown(house, house.store.issued_by_public_id(id).await?.ok_or(Error::NotFound("credential"))?).await
}

async fn shown(house: &House, issued: Issued) -> Result<ShownIssued, Error> {
    let organisation = house.store.organisation(issued.organisation).await?.ok_or(Error::NotFound("organisation"))?;
    let document = house.store.credential(issued.public_id).await?.ok_or(Error::NotFound("credential"))?;
    let revoked = is_revoked(house, &issued).await?;
    let key_lost = is_lost(house, &document).await?;
    Ok(ShownIssued { issued, organisation, revoked, key_lost, document })
}

/// What the status lists say at their next publication.
pub(super) async fn is_revoked(house: &House, issued: &Issued) -> Result<bool, Error> {
    let url = issued.url(&house.base_url);
    Ok(house.store.issued_statuses(issued.organisation, &url).await?.contains(&Purpose::Revocation))
}
