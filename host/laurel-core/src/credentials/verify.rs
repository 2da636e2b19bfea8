//! Verifies what somebody presents, a credential or a presentation: gathers what is needed for that and asks `laurel-openbadges`.

use laurel_openbadges::verify::{Expected, PresentationReport, Report};

use super::read::{Unreadable, document};
use super::summary::{Summary, summary};
use super::surroundings::Surroundings;
use crate::error::Error;
use crate::house::House;
use crate::id::PublicId;
use crate::subjects;

/// What somebody presents.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// Where it is.
    Url(&'a str),
    /// The document itself.
    Document(&'a [u8]),
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Every check.
    pub report: Report,
    /// What the document says of itself: the issuer's words, to be believed only if the report says so.
    pub summary: Summary,
    /// Set when it is, byte for byte, a credential of this house.
    pub own: Option<PublicId>,
    /// What was verified: the credential, taken out of its image if it came in one.
    pub document: Vec<u8>,
}

/// Verifies what is presented. Costs up to a second or two of the thread it runs on: [`laurel_openbadges::Limits::steps`].
pub async fn verify(presented: Presented<'_>, around: Surroundings<'_>) -> Result<Verified, Unreadable> {
    let document = match presented {
        Presented::Document(bytes) => document(bytes)?,
        Presented::Url(url) => document(&around.credential(url.trim()).await?)?,
    };
    let document = around.hosted(document).await?;
    let verifier = around.verifier();
    let material = around.material(&verifier, &document).await?;
    let report = verifier.verify(&document, &material);
    let mut summary = summary(&document, &material);
    let own = around.own(&report, &document).await?;
    if let (Some(house), Some(id)) = (around.house, own) {
        summary.earner = earner(house, id).await?.or(summary.earner);
    }
    Ok(Verified { report, summary, own, document })
}

/// Verifies a presentation and every credential in it. Costs as much as [`verify`], all credentials together.
pub async fn verify_presentation(
    document: &[u8],
    expected: &Expected,
    around: Surroundings<'_>,
) -> Result<PresentationReport, Error> {
    let verifier = around.verifier();
    let material = around.material(&verifier, document).await?;
    Ok(verifier.verify_presentation(document, expected, &material))
}

async fn earner(house: &House, id: PublicId) -> Result<Option<String>, Error> {
    let Some(award) = house.store.award_by_public_id(id).await? else { return Ok(None) };
    Ok(subjects::current(house, award.subject).await?.and_then(|subject| subject.name))
}
