//! An organisation by what a caller calls it.

use super::Organisation;
use crate::error::Error;
use crate::house::House;

/// By id or slug.
pub async fn find(house: &House, name: &str) -> Result<Organisation, Error> {
    let found = match name.parse() {
        Ok(id) => house.store.organisation(id).await?,
        Err(_) => house.store.organisation_by_slug(name).await?,
    };
    found.ok_or(Error::NotFound("organisation"))
}
