//! The refresh service of 1EdTech (Open Badges 3.0, section B.5.4; decision 0011).

use crate::awards;
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;

/// The newest form of a credential, exactly the bytes that were signed: that of the award that took its place, else its own; none while that
/// waits for its signature.
pub async fn refresh(house: &House, id: PublicId) -> Result<Option<Vec<u8>>, Error> {
    let award = house.store.award_by_public_id(id).await?.ok_or(Error::NotFound("credential"))?;
    let newest = awards::successor(house, &award).await?.unwrap_or(award);
    Ok(house.store.credential(newest.public_id).await?)
}
