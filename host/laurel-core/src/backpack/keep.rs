//! A client brings a credential. It is verified, and then kept byte for byte.

use laurel_openbadges::baking::is_image;
use laurel_openbadges::verify::{Check, CheckId, Outcome, Report};

use super::equality::key;
use super::{Form, Keeping, KeptCredential};
use crate::credentials::{self, Presented, Surroundings, Unreadable};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{KeptId, PublicId, SubjectId};
use crate::subjects::Subject;

/// So many credentials of others one earner may keep.
pub const MAX_KEPT: usize = 1000;

/// Keeps a credential for an earner, exactly as it came (a token without white space around it). One that this host issued to the
/// earner is here already, and stays as it is.
///
/// # Errors
/// [`Error::Invalid`] with everything that speaks against it; [`Error::Forbidden`] for a credential that this host issued to somebody else.
pub async fn keep(
    house: &House,
    earner: &Subject,
    form: Form,
    presented: &[u8],
    around: Surroundings<'_>,
) -> Result<(Keeping, Vec<u8>), Error> {
    let document = match form {
        Form::Json => presented,
        Form::Token => presented.trim_ascii(),
    };
    check_form(form, document)?;
    let verified = credentials::verify(Presented::Document(document), around).await.map_err(unreadable)?;
    let report = verified.report;
    let problems = problems(&report);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let family = house.store.subject_family(earner.id).await?;
    if let Some(own) = verified.own {
        check_earner(house, own, &family).await?;
        return Ok((Keeping::Replaced, document.to_vec()));
    }
    let now = house.clock.now();
    let missing = |what: &str| Error::invalid("", format!("it has no {what}"));
    let credential = KeptCredential {
        id: KeptId::new(now, &*house.random),
        subject: earner.id,
        key: key(
            report.issuer.as_deref().ok_or_else(|| missing("issuer"))?,
            report.id.as_deref().ok_or_else(|| missing("id, by which it could be told from others"))?,
        ),
        form,
        issued: report.valid_from.as_deref().and_then(|text| text.parse().ok()).ok_or_else(|| missing("validFrom"))?,
        kept: now,
        document: document.to_vec(),
    };
    match house.store.keep_credential(&credential, &family, MAX_KEPT).await? {
        Keeping::Full => Err(Error::Forbidden(format!("{MAX_KEPT} credentials of others are the most that are kept"))),
        done => Ok((done, credential.document)),
    }
}

fn unreadable(why: Unreadable) -> Error {
    match why {
        Unreadable::House(error) => error,
        other => Error::invalid("", other.to_string()),
    }
}

/// What came must be what it was said to be: it is given back as such.
fn check_form(form: Form, document: &[u8]) -> Result<(), Error> {
    let is_object = document.trim_ascii().starts_with(b"{");
    match form {
        Form::Json if is_object => Ok(()),
        Form::Json => Err(Error::invalid("", "send a credential as a JSON object, or a token (JWT) as text/plain")),
        Form::Token if is_object || is_image(document) => {
            Err(Error::invalid("", "send a token (JWT) as text/plain, or a credential as application/json"))
        }
        Form::Token => Ok(()),
    }
}

/// Everything that speaks against keeping it. An expired or suspended badge is still the earner's; a forged or revoked one is nobody's.
fn problems(report: &Report) -> Vec<Problem> {
    let speaks_against = |check: &&Check| match (check.id, check.outcome) {
        (CheckId::Dates | CheckId::Status, _) | (_, Outcome::Pass) => false,
        (_, Outcome::Fail) => true,
        (id, Outcome::NotChecked) => matches!(id, CheckId::Parse | CheckId::Schema | CheckId::Proof | CheckId::Issuer),
    };
    let against = report.checks.iter().filter(speaks_against);
    let mut problems: Vec<Problem> = against.map(|check| Problem::at("", check.message.clone())).collect();
    if report.revoked {
        problems.push(Problem::at("", "It was revoked by its issuer."));
    }
    let is_badge = |name: &String| name == "OpenBadgeCredential" || name == "AchievementCredential";
    if problems.is_empty() && !report.types.iter().any(is_badge) {
        problems.push(Problem::at("", "It is no OpenBadgeCredential (AchievementCredential)."));
    }
    problems
}

async fn check_earner(house: &House, credential: PublicId, family: &[SubjectId]) -> Result<(), Error> {
    let award = house.store.award_by_public_id(credential).await?;
    if award.is_some_and(|award| family.contains(&award.subject)) {
        return Ok(());
    }
    Err(Error::Forbidden("this credential was issued here, to somebody else".to_owned()))
}
