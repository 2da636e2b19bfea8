//! A new organisation, ready to issue: with a signing key and a status list.

use laurel_openbadges::keys::DidWeb;

use super::{Issuer, Organisation, Particulars, StatusEntries, Suite};
use crate::awards;
use crate::credentials;
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::OrganisationId;
use crate::status;
use crate::store::StoreError;
use crate::text::{one_line, prose};

/// What a new organisation shall be.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its name in URLs.
    pub slug: String,
    /// What it says of itself.
    pub profile: Profile,
    /// What its credentials name as issuer.
    pub issuer: Issuer,
    /// How its credentials are secured.
    pub suite: Suite,
}

/// What an organisation says of itself.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name for people.
    pub name: String,
    /// Its own home page.
    pub url: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// How to reach it.
    pub email: Option<String>,
    /// What else it says of itself.
    pub particulars: Particulars,
    /// How many entries the `credentialStatus` of its awards has from now on; messages need several.
    pub status_entries: StatusEntries,
    /// What it may say later of the credentials it issues from now on: at most [`MESSAGES`](crate::status::MESSAGES) messages.
    pub status_messages: Vec<String>,
}

/// Makes an organisation with its first signing key and status list. Should the process die before the list is there, the first award
/// makes one.
pub async fn create(house: &House, new: NewOrganisation) -> Result<Organisation, Error> {
    let mut problems = check(&new);
    if new.profile.particulars.image.is_some() {
        problems.push(Problem::at("/particulars/image", "upload it once the organisation is there, then name it"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let now = house.clock.now();
    let organisation = Organisation {
        id: OrganisationId::new(now, &*house.random),
        slug: new.slug,
        name: new.profile.name,
        url: new.profile.url,
        description: new.profile.description,
        email: new.profile.email,
        particulars: new.profile.particulars,
        issuer: new.issuer,
        suite: new.suite,
        status_entries: new.profile.status_entries,
        status_messages: new.profile.status_messages,
        created: now,
    };
    let key = credentials::generate(house, organisation.id, organisation.suite).await?;
    match house.store.insert_organisation(&organisation, Some(&key)).await {
        Err(StoreError::Taken(_)) => {
            return Err(Error::Conflict(format!("there is an organisation {:?} already", organisation.slug)));
        }
        other => other?,
    }
    status::open(house, organisation.id, organisation.status_entries).await?;
    Ok(organisation)
}

fn check(new: &NewOrganisation) -> Vec<Problem> {
    let mut problems = new.profile.check();
    if !is_slug(&new.slug) {
        let message = "a slug has 1 to 63 of a-z, 0-9 and `-`, and begins and ends with a letter or digit";
        problems.push(Problem::at("/slug", message));
    }
    if new.slug.parse::<uuid::Uuid>().is_ok() {
        problems.push(Problem::at("/slug", "a slug must not look like an id"));
    }
    if let Issuer::DidWeb { domain, path } = &new.issuer {
        if let Err(error) = DidWeb::new(domain, path.iter().map(String::as_str)) {
            problems.push(Problem::at("/issuer", error.to_string()));
        }
        if path.last().is_some_and(|last| *last != new.slug) {
            problems.push(Problem::at("/issuer/path", "the last segment must be the slug, or the path be empty"));
        }
    }
    problems
}

impl Profile {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut fault = |pointer: &str, result: Result<(), String>| {
            problems.extend(result.err().map(|message| Problem::at(pointer, message)));
        };
        fault("/name", one_line(&self.name, 200));
        if let Some(url) = &self.url {
            let is_url = url.starts_with("https://") || url.starts_with("http://");
            fault("/url", one_line(url, 2000));
            fault("/url", is_url.then_some(()).ok_or_else(|| "a URL begins with https:// or http://".to_owned()));
        }
        if let Some(description) = &self.description {
            fault("/description", prose(description, 2000));
        }
        if let Some(email) = &self.email {
            fault("/email", one_line(email, 254));
            fault("/email", email.contains('@').then_some(()).ok_or_else(|| "an e-mail address holds an @".to_owned()));
        }
        problems.extend(awards::check_messages(&self.status_messages));
        if !self.status_messages.is_empty() && self.status_entries == StatusEntries::One {
            problems.push(Problem::at("/status_entries", "messages need entries of their own: choose `several`"));
        }
        problems.extend(self.particulars.check().into_iter().map(|problem| problem.below("/particulars")));
        problems
    }
}

fn is_slug(slug: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = slug.as_bytes();
    (1..=63).contains(&bytes.len())
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_slug;

    #[test]
    fn slugs() {
        assert!(is_slug("acme") && is_slug("a-1") && is_slug("7"));
        for bad in ["", "-a", "a-", "Acme", "a_b", "a.b", &"a".repeat(64)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
