//! What both kinds have in common: signed, then kept.

use super::{Issued, url};
use crate::credentials::{self, IssueRequest, Surroundings};
use crate::error::Error;
use crate::house::House;
use crate::organisations::Organisation;
use crate::status::Purpose;

/// Signs a document that says who issued it and what it is, with a place in a status list, and keeps it.
///
/// # Errors
/// Those of [`credentials::issue`]; a fault of the document is the house's own, for it composed it.
pub(super) async fn write(
    house: &House,
    organisation: &Organisation,
    issued: Issued,
    unsigned: &[u8],
    around: Surroundings<'_>,
) -> Result<Issued, Error> {
    let request = IssueRequest { credential: unsigned, id: None, purposes: vec![Purpose::Revocation], around };
    let signed = match credentials::issue(house, organisation, request).await {
        Err(Error::Invalid(problems)) => {
            let url = url(&house.base_url, issued.public_id);
            return Err(Error::Internal(format!("{url} cannot be signed: {problems:?}")));
        }
        other => other?,
    };
    house.store.insert_issued(&issued, &signed).await?;
    Ok(issued)
}
