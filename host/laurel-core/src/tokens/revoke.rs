//! The end of a token.

use crate::error::Error;
use crate::house::House;
use crate::id::{OrganisationId, TokenId};

/// Revokes a token of an organisation, or (none) of the platform. A token that ended before stays ended.
pub async fn revoke(house: &House, organisation: Option<OrganisationId>, id: TokenId) -> Result<(), Error> {
    let token = house.store.token(id).await?.filter(|token| token.organisation == organisation);
    token.ok_or(Error::NotFound("token"))?;
    house.store.revoke_token(id, house.clock.now()).await?;
    Ok(())
}
