//! What a token may do, and where.

use super::{Scope, Token};
use crate::error::Error;
use crate::id::OrganisationId;

impl Token {
    /// Whether this token may do something in an organisation. Another's organisation looks like none at all.
    pub fn allows(&self, scope: Scope, organisation: OrganisationId) -> Result<(), Error> {
        if self.organisation.is_some_and(|own| own != organisation) {
            return Err(Error::NotFound("organisation"));
        }
        self.has(scope)
    }

    /// Whether this token may act on the platform: on plugins, and on organisations as a whole.
    pub fn allows_platform(&self) -> Result<(), Error> {
        if self.organisation.is_some() {
            return Err(Error::Forbidden(
                "it is bound to one organisation; the platform operator's token is needed".into(),
            ));
        }
        self.has(Scope::Platform)
    }

    /// Whether one of its scopes covers this one: managing includes reading.
    fn has(&self, scope: Scope) -> Result<(), Error> {
        let covers = |own: &Scope| *own == scope || (scope == Scope::Read && *own == Scope::Manage);
        if self.scopes.iter().any(covers) {
            return Ok(());
        }
        Err(Error::Forbidden(format!("the scope `{}` is needed", scope.as_str())))
    }
}

impl Scope {
    /// The word in requests and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Manage => "manage",
            Self::Award => "award",
            Self::Events => "events",
            Self::Read => "read",
            Self::SignIn => "sign-in",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TokenId;
    use crate::time::Timestamp;
    use uuid::Uuid;

    fn token(organisation: Option<u128>, scopes: &[Scope]) -> Token {
        Token {
            id: TokenId(Uuid::nil()),
            organisation: organisation.map(|id| OrganisationId(Uuid::from_u128(id))),
            name: String::new(),
            scopes: scopes.to_vec(),
            assertions: None,
            created: Timestamp(0),
            revoked: None,
        }
    }

    #[test]
    fn a_foreign_organisation_does_not_exist() {
        let (own, other) = (OrganisationId(Uuid::from_u128(1)), OrganisationId(Uuid::from_u128(2)));
        let manager = token(Some(1), &[Scope::Manage]);
        assert!(manager.allows(Scope::Manage, own).is_ok() && manager.allows(Scope::Read, own).is_ok());
        assert!(matches!(manager.allows(Scope::Manage, other), Err(Error::NotFound(_))));
        assert!(matches!(manager.allows(Scope::Award, own), Err(Error::Forbidden(_))));
        assert!(matches!(manager.allows_platform(), Err(Error::Forbidden(_))));
    }

    #[test]
    fn the_operator_reaches_every_organisation_within_the_scopes() {
        let operator = token(None, &[Scope::Platform, Scope::Read]);
        let anywhere = OrganisationId(Uuid::from_u128(7));
        assert!(operator.allows_platform().is_ok() && operator.allows(Scope::Read, anywhere).is_ok());
        assert!(matches!(operator.allows(Scope::Award, anywhere), Err(Error::Forbidden(_))));
    }
}
