//! Who is signed in.

use crate::error::Error;
use crate::house::House;
use crate::id::SubjectId;
use crate::organisations::Organisation;
use crate::subjects::{self, Subject};
use crate::tokens::digest;

/// Somebody who signed in. After a merge this is the subject that the other was merged into: the organisation said that they are one.
#[derive(Clone, Debug)]
pub struct Earner {
    /// Who.
    pub subject: Subject,
    /// In whose program.
    pub organisation: Organisation,
}

impl Earner {
    pub(super) async fn find(house: &House, subject: SubjectId) -> Result<Option<Self>, Error> {
        let Some(subject) = subjects::current(house, subject).await? else { return Ok(None) };
        let organisation = house.store.organisation(subject.organisation).await?;
        Ok(organisation.map(|organisation| Self { subject, organisation }))
    }
}

/// Whose session this is, if it lasts.
pub async fn earner(house: &House, secret: &str) -> Result<Option<Earner>, Error> {
    let session = house.store.session(digest(secret)).await?;
    match session.filter(|session| session.expires > house.clock.now()) {
        Some(session) => Earner::find(house, session.subject).await,
        None => Ok(None),
    }
}

/// Ends a session. One that is over already stays so.
pub async fn sign_out(house: &House, secret: &str) -> Result<(), Error> {
    house.store.end_session(digest(secret)).await?;
    Ok(())
}

/// What a form of a session carries, so that no other site can send the form in the earner's name: other sites do not know it.
pub fn form_token(secret: &str) -> String {
    hex::encode(digest(&format!("form of {secret}")))
}
