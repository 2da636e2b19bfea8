//! Secrets of an installation: sealed before they are stored, opened only for a call, never shown.

use std::collections::BTreeMap;
use zeroize::Zeroizing;

use super::{CallContext, Installation, Manifest, find, show};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{InstallationId, OrganisationId};

/// Values of a secret; several while it rotates.
pub type SecretValues = Vec<Zeroizing<String>>;

/// The most values of one secret, and the most bytes of one value.
const MAX_VALUES: usize = 4;
const MAX_VALUE: usize = 16 * 1024;

/// Replaces the values of a secret; none removes it.
pub async fn set_secret(
    house: &House,
    organisation: OrganisationId,
    installation: InstallationId,
    name: &str,
    values: &SecretValues,
) -> Result<(), Error> {
    let installation = find(house, organisation, installation).await?;
    let manifest = show(house, installation.plugin).await?.manifest;
    let problems = check(&manifest, name, values, "");
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    store(house, installation.id, name, values).await
}

pub(super) fn check(manifest: &Manifest, name: &str, values: &SecretValues, place: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !manifest.secrets.iter().any(|need| need.name == name) {
        problems.push(Problem::at(place, format!("{} names no secret {name:?}", manifest.name)));
    }
    if values.len() > MAX_VALUES {
        problems.push(Problem::at(place, format!("{MAX_VALUES} values are the most")));
    }
    if values.iter().any(|value| value.is_empty() || value.len() > MAX_VALUE) {
        problems.push(Problem::at(place, format!("a value has 1 to {MAX_VALUE} bytes")));
    }
    problems
}

pub(super) async fn store(
    house: &House,
    installation: InstallationId,
    name: &str,
    values: &SecretValues,
) -> Result<(), Error> {
    let place = place(installation, name);
    let sealed: Vec<Vec<u8>> = values.iter().map(|value| house.vault.seal(&place, value.as_bytes())).collect();
    Ok(house.store.set_secret(installation, name, &sealed).await?)
}

/// What a call on behalf of an installation may see: its settings, its grant, and the secrets that are granted.
pub async fn call_context(house: &House, installation: &Installation) -> Result<CallContext, Error> {
    let mut secrets = BTreeMap::new();
    for (name, sealed) in house.store.secrets(installation.id).await? {
        if installation.grant.secrets.contains(&name) {
            let place = place(installation.id, &name);
            let values: Result<SecretValues, Error> = sealed.iter().map(|value| open(house, &place, value)).collect();
            secrets.insert(name, values?);
        }
    }
    Ok(CallContext {
        installation: Some(installation.id),
        settings: installation.settings.clone(),
        secrets,
        grant: installation.grant.clone(),
    })
}

fn open(house: &House, place: &str, sealed: &[u8]) -> Result<Zeroizing<String>, Error> {
    let plain = house.vault.open(place, sealed).map_err(|error| Error::Internal(format!("{place}: {error}")))?;
    let text = std::str::from_utf8(&plain).map_err(|_| Error::Internal(format!("{place}: not UTF-8")))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Binds a sealed value to where it belongs.
fn place(installation: InstallationId, name: &str) -> String {
    format!("installation/{installation}/{name}")
}
