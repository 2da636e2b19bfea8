//! A new token.

use sha2::{Digest, Sha256};

use super::{Assertions, Scope, Token};
use crate::error::{Error, Problem};
use crate::events::RESERVED_PREFIX;
use crate::house::House;
use crate::id::{OrganisationId, TokenId};
use crate::random::Random;
use crate::text::one_line;

/// What a new token shall be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Bound to one organisation; none for the platform operator.
    pub organisation: Option<OrganisationId>,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What its events may claim; needed with the scope `events`, and only there.
    pub assertions: Option<Assertions>,
}

/// Makes a token. The second value is its secret, which nobody can find out afterwards.
pub async fn issue(house: &House, new: NewToken) -> Result<(Token, String), Error> {
    let problems = check(&new);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let now = house.clock.now();
    let secret = fresh_secret("laurel_", &*house.random);
    let token = Token {
        id: TokenId::new(now, &*house.random),
        organisation: new.organisation,
        name: new.name,
        scopes: new.scopes,
        assertions: new.assertions,
        created: now,
        revoked: None,
    };
    house.store.insert_token(&token, digest(&secret)).await?;
    Ok((token, secret))
}

/// 256 random bits as text, behind a word by which a scanner for leaked secrets recognises it.
pub(crate) fn fresh_secret(word: &str, random: &dyn Random) -> String {
    let mut bits = [0; 32];
    random.fill(&mut bits);
    format!("{word}{}", hex::encode(bits))
}

/// What is stored of a secret.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn check(new: &NewToken) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut fault = |pointer: &str, message: &str| problems.push(Problem::at(pointer, message));
    if let Err(message) = one_line(&new.name, 100) {
        fault("/name", &message);
    }
    if new.scopes.is_empty() {
        fault("/scopes", "name at least one scope");
    }
    if new.scopes.contains(&Scope::Platform) && new.organisation.is_some() {
        fault("/scopes", "the scope `platform` is not for a token of one organisation");
    }
    let sends = new.scopes.contains(&Scope::Events);
    if sends && new.organisation.is_none() {
        fault("/scopes", "the scope `events` needs a token that is bound to one organisation");
    }
    match (&new.assertions, sends) {
        (None, true) => fault("/assertions", "the scope `events` needs assertions: source, namespaces, kinds"),
        (Some(_), false) => fault("/assertions", "assertions are only for a token with the scope `events`"),
        (Some(assertions), true) => problems.extend(assertions.check("/assertions")),
        (None, false) => {}
    }
    problems
}

impl Assertions {
    /// What is wrong with them, with pointers below `place`.
    pub fn check(&self, place: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut fault = |part: &str, message: &str| problems.push(Problem::at(format!("{place}/{part}"), message));
        if self.source.is_empty() || self.source.len() > 512 || self.source.contains(char::is_whitespace) {
            fault("source", "a source is a URI reference of 1 to 512 characters without white space");
        }
        if self.source.starts_with(RESERVED_PREFIX) {
            fault("source", "sources that begin with `laurel:` are the host's own");
        }
        if self.kinds.is_empty() || self.kinds.iter().any(String::is_empty) {
            fault("kinds", "name the event kinds: exact, with a final `*`, or `*`");
        }
        if self.kinds.iter().any(|kind| kind.starts_with(RESERVED_PREFIX)) {
            fault("kinds", "kinds that begin with `laurel:` are the host's own");
        }
        let is_place = |each: &String| each == "*" || each.starts_with("https://") || each.starts_with("http://");
        if !self.namespaces.iter().all(is_place) {
            fault("namespaces", "a namespace is the URL of an instance (https://forum.example.org) or `*`");
        }
        if self.namespaces.is_empty() && !self.personal_identifiers {
            fault(
                "namespaces",
                "name at least one, or allow personal identifiers: otherwise no event can name a subject",
            );
        }
        problems
    }
}
