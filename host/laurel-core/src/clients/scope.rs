//! What a client may be allowed (Open Badges 3.0, section 6.2.1).

use serde::{Deserialize, Serialize};

/// A scope of the Badge Connect API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ClientScope {
    /// Read the credentials.
    #[serde(rename = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly")]
    CredentialReadonly,
    /// Add and replace credentials.
    #[serde(rename = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert")]
    CredentialUpsert,
    /// Read the profile.
    #[serde(rename = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly")]
    ProfileReadonly,
    /// Change the profile.
    #[serde(rename = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update")]
    ProfileUpdate,
    /// All of that while the earner is away.
    #[serde(rename = "offline_access")]
    OfflineAccess,
}

impl ClientScope {
    /// Every scope there is.
    pub const ALL: [Self; 5] = [
        Self::CredentialReadonly,
        Self::CredentialUpsert,
        Self::ProfileReadonly,
        Self::ProfileUpdate,
        Self::OfflineAccess,
    ];

    /// The word in requests and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CredentialReadonly => "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly",
            Self::CredentialUpsert => "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert",
            Self::ProfileReadonly => "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly",
            Self::ProfileUpdate => "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// What it allows, for the earner who is asked: the end of a sentence that begins with "It may".
    pub fn words(self) -> &'static str {
        match self {
            Self::CredentialReadonly => "see your badges: those you earned here and those you keep here",
            Self::CredentialUpsert => "add badges to those you keep here, and replace ones that it or others added",
            Self::ProfileReadonly => "see your name and your profile",
            Self::ProfileUpdate => "change your profile",
            Self::OfflineAccess => "do so while you are away, until you disconnect it",
        }
    }

    /// Reads a list as OAuth writes it, with spaces between. Each scope counts once.
    ///
    /// # Errors
    /// The first word that is no scope.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut scopes = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let known = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
            let scope = known.ok_or_else(|| word.chars().take(100).collect::<String>())?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(scopes)
    }

    /// A list as OAuth writes it.
    pub fn write_list(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_written() {
        let all = ClientScope::write_list(&ClientScope::ALL);
        assert_eq!(ClientScope::parse_list(&all).unwrap(), ClientScope::ALL);
        assert_eq!(ClientScope::parse_list(" offline_access offline_access ").unwrap(), [ClientScope::OfflineAccess]);
        assert_eq!(ClientScope::parse_list("offline_access admin"), Err("admin".to_owned()));
    }

    #[test]
    fn what_is_stored_is_what_is_written() {
        for scope in ClientScope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }
}
