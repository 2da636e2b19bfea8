//! Keys of this house that got into wrong hands: nothing they signed is believed here, whatever their issuer's identifier says.

use laurel_openbadges::Limits;
use laurel_openbadges::jwt::key_name;
use laurel_openbadges::keys::PublicKey;

use crate::error::Error;
use crate::house::House;

/// All of them, of every organisation.
pub(super) async fn lost_keys(house: &House) -> Result<Vec<PublicKey>, Error> {
    let keys = house.store.compromised_keys().await?;
    keys.iter().map(|key| key.parse()).collect::<Result<_, _>>().map_err(|why| Error::Internal(format!("{why}")))
}

/// Whether a credential of ours was signed with one of them.
pub(crate) async fn is_lost(house: &House, document: &[u8]) -> Result<bool, Error> {
    let Some(name) = key_name(document, &Limits::default()) else { return Ok(false) };
    // Ours are called by their Multikey: `did:key:…#z6Mk…`, `did:web:…#z6Mk…`, or the `did:key` alone.
    Ok(house.store.compromised_keys().await?.iter().any(|key| name.ends_with(key.as_str())))
}
