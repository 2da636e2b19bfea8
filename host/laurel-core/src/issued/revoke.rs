//! An endorsement or a record is taken back.

use super::{IssuedKind, ShownIssued, find};
use crate::error::Error;
use crate::house::House;
use crate::id::{IssuedId, OrganisationId};
use crate::status::{self, Purpose, StatusChange};

/// Revokes it, for ever; doing it again changes nothing. The status list tells verifiers at its next publication.
pub async fn revoke(
    house: &House,
    organisation: OrganisationId,
    kind: IssuedKind,
    id: IssuedId,
) -> Result<ShownIssued, Error> {
    let shown = find(house, organisation, kind, id).await?;
    let url = shown.issued.url(&house.base_url);
    status::change(house, organisation, &url, &[StatusChange { purpose: Purpose::Revocation, set: true }]).await?;
    Ok(ShownIssued { revoked: true, ..shown })
}
