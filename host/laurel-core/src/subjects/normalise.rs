//! One spelling for each identifier, so that the same account named by two systems is the same.

use super::Identifier;

/// The longest part of an identifier, in bytes.
const MAX: usize = 512;

impl Identifier {
    /// An identifier written as a URI: `mailto:ada@example.org`, `did:web:ada.example`, or an account as its home-page and name,
    /// `https://lms.example.org#17`. None for any other text.
    pub fn from_uri(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix("mailto:") {
            return Some(Self::Email { address: address.to_owned() });
        }
        if text.starts_with("did:") {
            return Some(Self::Did { did: text.to_owned() });
        }
        let (home_page, name) = text.split_once('#')?;
        let is_url = home_page.starts_with("https://") || home_page.starts_with("http://");
        is_url.then(|| Self::Account { home_page: home_page.to_owned(), name: name.to_owned() })
    }

    /// The identifier as it is stored: e-mail addresses in lower case, home-pages with scheme and host in lower case and without a
    /// final slash.
    ///
    /// # Errors
    /// What to change, if it is none.
    pub fn normalised(self) -> Result<Self, String> {
        match self {
            Self::Email { address } => email(&address).map(|address| Self::Email { address }),
            Self::Account { home_page, name } => {
                let home_page = home_page_of(&home_page)?;
                let name = plain(&name, "an account's name")?;
                Ok(Self::Account { home_page, name })
            }
            Self::Did { did } => decentralised(&did).map(|did| Self::Did { did }),
        }
    }
}

fn plain(text: &str, what: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX || text.chars().any(char::is_control) {
        return Err(format!("{what} has 1 to {MAX} bytes and no control characters"));
    }
    Ok(text.to_owned())
}

fn email(address: &str) -> Result<String, String> {
    let address = plain(address, "an e-mail address")?.to_lowercase();
    let is_address = address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !is_address || address.len() > 254 || address.contains(char::is_whitespace) {
        return Err("an e-mail address looks like ada@example.org".to_owned());
    }
    Ok(address)
}

fn decentralised(did: &str) -> Result<String, String> {
    let did = plain(did, "a DID")?;
    let mut parts = did.splitn(3, ':');
    let is_did = parts.next() == Some("did")
        && parts.next().is_some_and(|method| !method.is_empty() && method.bytes().all(|b| b.is_ascii_alphanumeric()))
        && parts.next().is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    if is_did { Ok(did) } else { Err("a DID looks like did:web:example.org".to_owned()) }
}

/// A home-page in its one spelling.
pub(crate) fn home_page_of(text: &str) -> Result<String, String> {
    let text = plain(text, "an account's home_page")?;
    let wrong = || "an account's home_page is the URL of the instance, such as https://forum.example.org".to_owned();
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_host = !host.is_empty() && !host.contains(['@', '?']);
    let is_url = !text.contains(|each: char| each.is_whitespace() || each == '#');
    if !matches!(scheme.as_str(), "http" | "https") || !is_host || !is_url {
        return Err(wrong());
    }
    Ok(format!("{scheme}://{}{}", host.to_ascii_lowercase(), path.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(home_page: &str) -> Result<String, String> {
        let identifier = Identifier::Account { home_page: home_page.into(), name: "7".into() };
        identifier.normalised().map(|identifier| match identifier {
            Identifier::Account { home_page, .. } => home_page,
            _ => unreachable!("still an account"),
        })
    }

    #[test]
    fn one_spelling() {
        assert_eq!(account("HTTPS://Forum.Example.org/").unwrap(), "https://forum.example.org");
        assert_eq!(account("https://a.example/Sub/").unwrap(), "https://a.example/Sub");
        let email = Identifier::Email { address: " Ada@Example.ORG ".into() };
        assert_eq!(email.normalised().unwrap(), Identifier::Email { address: "ada@example.org".into() });
    }

    #[test]
    fn what_is_none() {
        for bad in
            ["discourse", "ftp://a", "https://", "https://user@a.example", "https://a b", "https://a.example/b /"]
        {
            assert!(account(bad).is_err(), "{bad}");
        }
        for bad in ["", "ada", "@example.org", "ada@", "a b@c.d"] {
            assert!(Identifier::Email { address: bad.into() }.normalised().is_err(), "{bad}");
        }
        for bad in ["did:", "did:web:", "web:x", "did:we b:x"] {
            assert!(Identifier::Did { did: bad.into() }.normalised().is_err(), "{bad}");
        }
    }
}
