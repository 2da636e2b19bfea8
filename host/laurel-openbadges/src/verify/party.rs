//! Does the key belong to who is named? (Controlled Identifiers 1.0, section 3.3, step 5)

use super::keys::{ResolvedKey, shown};
use super::report::Outcome;

/// Who must have signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Issuer,
    Holder,
}

impl Role {
    fn noun(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Holder => "holder",
        }
    }
}

/// Whether `named`, who is named in this role, vouches for the key.
pub(super) fn check(role: Role, named: &str, resolved: &ResolvedKey) -> (Outcome, String) {
    let (noun, shown_name) = (role.noun(), shown(named));
    if named == resolved.controller {
        return match &resolved.unconfirmed {
            None => (Outcome::Pass, format!("It was signed with a key of {shown_name}.")),
            Some(why) => (Outcome::NotChecked, format!("The key is not confirmed by its owner: {why}.")),
        };
    }
    let resolvable = named.starts_with("did:") || named.starts_with("https://") || named.starts_with("http://");
    if !resolvable {
        return (
            Outcome::NotChecked,
            format!("Nothing ties the {noun}'s name {shown_name} to the key that signed it."),
        );
    }
    let controller = shown(&resolved.controller);
    if resolved.bare && is_below(named, &resolved.controller) {
        return (Outcome::Pass, format!("It was signed with a key that {shown_name} serves."));
    }
    if resolved.bare && origin(named).is_some_and(|site| Some(site) == origin(&resolved.controller)) {
        let message =
            format!("The key at {controller} is on the site of {shown_name}, which does not say whose it is.");
        return (Outcome::NotChecked, message);
    }
    (Outcome::Fail, format!("It names {shown_name} as its {noun}, but was signed with a key of {controller}."))
}

/// Whether a URL lies below another: only its owner can put a key there.
fn is_below(owner: &str, url: &str) -> bool {
    let rest = url.strip_prefix(owner.trim_end_matches('/'));
    owner.starts_with("https://") && rest.is_some_and(|rest| rest.starts_with(['/', '?']))
}

fn origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    rest.split(['/', '?', '#']).next()
}
