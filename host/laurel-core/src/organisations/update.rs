//! What an organisation says of itself changes. Its slug, issuer and suite stay: credentials already name them.

use super::{Organisation, Profile};
use crate::error::Error;
use crate::house::House;
use crate::images;

/// Replaces the profile. Credentials signed before keep the old one.
pub async fn update(house: &House, organisation: Organisation, profile: Profile) -> Result<Organisation, Error> {
    let problems = profile.check();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let Profile { name, url, description, email, particulars, status_entries, status_messages } = profile;
    images::check(house, organisation.id, particulars.image).await.map_err(|error| error.below("/particulars"))?;
    let changed =
        Organisation { name, url, description, email, particulars, status_entries, status_messages, ..organisation };
    if !house.store.update_organisation(&changed).await? {
        return Err(Error::NotFound("organisation"));
    }
    Ok(changed)
}
