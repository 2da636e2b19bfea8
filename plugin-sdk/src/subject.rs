//! Whom an event is about.

use crate::{Account, Identifier, Subject};

impl Subject {
    /// A person with an account in another system. `home_page` is the address of the instance.
    pub fn person(home_page: impl Into<String>, name: impl Into<String>) -> Self {
        let account = Account { home_page: home_page.into(), name: name.into() };
        Self { kind: "person".into(), identifiers: vec![Identifier::Account(account)] }
    }

    /// The same with an e-mail, if it can be one. What cannot (`[TEST] john@doe.com`) is left out: an address that nobody
    /// could have must not become an identity.
    #[must_use]
    pub fn with_email(mut self, address: Option<&str>) -> Self {
        if let Some(address) = address.and_then(email) {
            self.identifiers.push(Identifier::Email(address));
        }
        self
    }
}

/// An e-mail address with its domain in lower case, or `None` where the text cannot be one: exactly one `@` with something
/// before it, a domain of at least two labels, no space, control, quote or bracket, at most 254 bytes (RFC 5321).
pub fn email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "()<>[]:;@\\,\"".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let local_fits = !local.is_empty() && local.len() <= 64 && !local.contains(forbidden);
    let domain_fits = domain.contains('.') && domain.split('.').all(label);
    (local_fits && domain_fits && text.len() <= 254).then(|| format!("{local}@{}", domain.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_address_is_no_identity() {
        assert_eq!(email("Ada@Example.ORG").as_deref(), Some("Ada@example.org"));
        for text in ["", "ada", "[TEST] john@doe.com", "a@b", "a@@b.c", "a b@c.d", "@c.d", "a@.d", "a@c..d", "a@-c.d"] {
            assert_eq!(email(text), None, "{text}");
        }
        assert_eq!(Subject::person("https://a.example", "1").with_email(Some("[TEST] j@d.c")).identifiers.len(), 1);
    }
}
