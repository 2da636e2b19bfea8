//! A subject that somebody answers for.

use super::{Identifier, Subject, SubjectKind};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{OrganisationId, PublicId, SubjectId};
use crate::store::StoreError;
use crate::text::one_line;

/// The most identifiers that one call may name.
const MAX_IDENTIFIERS: usize = 32;

/// What a new subject shall be.
#[derive(Clone, Debug)]
pub struct NewSubject {
    /// Person or organisation.
    pub kind: SubjectKind,
    /// A name for pages.
    pub name: Option<String>,
    /// How to recognise it; they count as verified.
    pub identifiers: Vec<Identifier>,
}

/// Makes a subject with verified identifiers.
///
/// # Errors
/// [`Error::Conflict`] if one of them leads to another subject already: link or merge instead.
pub async fn create(house: &House, organisation: OrganisationId, new: NewSubject) -> Result<Subject, Error> {
    let mut problems = Vec::new();
    if let Some(Err(message)) = new.name.as_deref().map(|name| one_line(name, 200)) {
        problems.push(Problem::at("/name", message));
    }
    let identifiers = normalise_all(new.identifiers, "/identifiers", &mut problems);
    if identifiers.is_empty() && problems.is_empty() {
        problems.push(Problem::at("/identifiers", "name at least one identifier"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let now = house.clock.now();
    let id = SubjectId::new(now, &*house.random);
    let subject = Subject {
        id,
        public_id: PublicId::new(&*house.random),
        organisation,
        kind: new.kind,
        provisional: false,
        name: new.name,
        merged_into: None,
        created: now,
    };
    match house.store.insert_subject(&subject, &identifiers).await {
        Ok(()) => Ok(subject),
        Err(StoreError::Taken(_)) => {
            let why = "one of these identifiers leads to another subject already: link to that one, or merge the two";
            Err(Error::Conflict(why.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Identifiers in their one spelling; a problem for each that is none.
pub(crate) fn normalise_all(all: Vec<Identifier>, place: &str, problems: &mut Vec<Problem>) -> Vec<Identifier> {
    if all.len() > MAX_IDENTIFIERS {
        problems.push(Problem::at(place, format!("{MAX_IDENTIFIERS} identifiers are the most")));
        return Vec::new();
    }
    let mut good = Vec::with_capacity(all.len());
    for (index, identifier) in all.into_iter().enumerate() {
        match identifier.normalised() {
            Ok(identifier) if good.contains(&identifier) => {}
            Ok(identifier) => good.push(identifier),
            Err(message) => problems.push(Problem::at(format!("{place}/{index}"), message)),
        }
    }
    good
}
