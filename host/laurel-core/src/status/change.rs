//! Changes the statuses of a credential that was issued over the VC-API. (Those of awards change with the award.)

use super::{StatusChange, StatusOutcome};
use crate::bell::Work;
use crate::error::Error;
use crate::house::House;
use crate::id::OrganisationId;

/// Makes all of the changes or none. The status lists tell verifiers at their next publication.
///
/// # Errors
/// [`Error::NotFound`] if the organisation issued no credential with a status under this id; [`Error::Invalid`], at
/// `/credentialStatus/{n}`, if it has no entry for a purpose; [`Error::Conflict`] if it was revoked.
pub async fn change(
    house: &House,
    organisation: OrganisationId,
    credential: &str,
    changes: &[StatusChange],
) -> Result<(), Error> {
    match house.store.change_issued_statuses(organisation, credential, changes).await? {
        StatusOutcome::Done => {
            house.bell.ring(Work::Statuses);
            Ok(())
        }
        StatusOutcome::NotIssued => Err(Error::NotFound("credential issued with a status")),
        StatusOutcome::NoEntry(purpose) => {
            let index = changes.iter().position(|change| change.purpose == purpose).unwrap_or_default();
            let why = format!("the credential was issued without a status entry for {}", purpose.as_str());
            Err(Error::invalid(format!("/credentialStatus/{index}"), why))
        }
        StatusOutcome::Revoked => Err(Error::Conflict("the credential was revoked, which is for ever".to_owned())),
    }
}
