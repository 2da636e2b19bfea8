//! A client asks for an earner's consent (RFC 6749, section 4.1; RFC 7636).

use serde::{Deserialize, Serialize};

use super::redirect::origin;
use super::{CODE_LIFE, Client, ClientScope, Connection, RefusalCode};
use crate::error::Error;
use crate::house::House;
use crate::id::{ConnectionId, PublicId};
use crate::store::StoreError;
use crate::subjects::Subject;
use crate::tokens::{digest, fresh_secret};

/// The longest `state`.
const MAX_STATE: usize = 2000;

/// The request, as the client wrote it into an address. Other parameters are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `code`
    pub response_type: Option<String>,
    /// Which client.
    pub client_id: Option<String>,
    /// Where to send the answer; one of those registered.
    pub redirect_uri: Option<String>,
    /// What it asks for.
    pub scope: Option<String>,
    /// Given back with the answer.
    pub state: Option<String>,
    /// The SHA-256 of the verifier, in base64url.
    pub code_challenge: Option<String>,
    /// `S256`
    pub code_challenge_method: Option<String>,
}

/// A request to which an earner may say yes.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Who asks.
    pub client: Client,
    /// Where to send the answer.
    pub redirect_uri: String,
    /// What it asks for.
    pub scopes: Vec<ClientScope>,
    /// Given back with the answer.
    pub state: Option<String>,
    challenge: String,
}

/// Why a request cannot be shown to an earner.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// Nobody knows who asks, or where an answer may go: the earner is told, and nobody else.
    #[error("{0}")]
    Stray(String),
    /// The client has to change something, and may be told.
    #[error("{why}")]
    Refused {
        /// Where to send the answer.
        redirect_uri: String,
        /// Given back with it.
        state: Option<String>,
        /// For machines.
        code: RefusalCode,
        /// What to change.
        why: &'static str,
    },
    /// The house failed.
    #[error(transparent)]
    House(#[from] Error),
}

impl From<StoreError> for AuthorizeError {
    fn from(error: StoreError) -> Self {
        Self::House(error.into())
    }
}

impl Checked {
    /// Where a form that ends at the client leads, as a content security policy names it.
    pub fn origin(&self) -> Option<String> {
        origin(&self.redirect_uri)
    }
}

/// Checks a request: first who asks and where the answer would go, then everything else.
pub async fn check(house: &House, asked: &Asked) -> Result<Checked, AuthorizeError> {
    let stray = |why: &str| AuthorizeError::Stray(why.to_owned());
    let id: Option<PublicId> = asked.client_id.as_deref().and_then(|id| id.parse().ok());
    let client = match id {
        Some(id) => house.store.client(id).await?,
        None => None,
    };
    let client = client.ok_or_else(|| stray("no app with this client_id has registered here"))?;
    let redirect_uri = asked.redirect_uri.clone().ok_or_else(|| stray("the redirect_uri is missing"))?;
    if !client.metadata.redirect_uris.contains(&redirect_uri) {
        return Err(stray("the redirect_uri is none of those that the app registered"));
    }
    let state = asked.state.clone().filter(|state| state.len() <= MAX_STATE);
    match content(asked, &client) {
        Ok((scopes, challenge)) => Ok(Checked { client, redirect_uri, scopes, state, challenge }),
        Err((code, why)) => Err(AuthorizeError::Refused { redirect_uri, state, code, why }),
    }
}

fn content(asked: &Asked, client: &Client) -> Result<(Vec<ClientScope>, String), (RefusalCode, &'static str)> {
    let invalid = |why| (RefusalCode::InvalidRequest, why);
    if asked.state.as_ref().is_some_and(|state| state.len() > MAX_STATE) {
        return Err(invalid("the state is too long"));
    }
    match asked.response_type.as_deref() {
        Some("code") => {}
        None => return Err(invalid("the response_type is missing: send code")),
        Some(_) => return Err((RefusalCode::UnsupportedResponseType, "the only response_type is code")),
    }
    if asked.code_challenge_method.as_deref() != Some("S256") {
        return Err(invalid("PKCE is needed: send a code_challenge with the code_challenge_method S256"));
    }
    let is_digest = |text: &&String| {
        text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let challenge = asked.code_challenge.as_ref().filter(is_digest);
    let challenge = challenge.ok_or_else(|| invalid("the code_challenge must be a SHA-256 in base64url"))?;
    let unknown = |_| (RefusalCode::InvalidScope, "a scope is not known here");
    let scopes = ClientScope::parse_list(asked.scope.as_deref().unwrap_or_default()).map_err(unknown)?;
    let registered = ClientScope::parse_list(&client.metadata.scope).map_err(unknown)?;
    if scopes.iter().all(|scope| *scope == ClientScope::OfflineAccess) {
        return Err((RefusalCode::InvalidScope, "name what the app wants to do in scope"));
    }
    if !scopes.iter().all(|scope| registered.contains(scope)) {
        return Err((RefusalCode::InvalidScope, "the app did not register for all of these scopes"));
    }
    Ok((scopes, challenge.clone()))
}

/// The earner says yes: a connection is made. Returns the code that the client gets.
pub async fn connect(house: &House, earner: &Subject, checked: &Checked) -> Result<String, Error> {
    let code = fresh_secret("laurel_code_", &*house.random);
    let now = house.clock.now();
    let connection = Connection {
        id: ConnectionId::new(now, &*house.random),
        client: checked.client.id,
        subject: earner.id,
        scopes: checked.scopes.clone(),
        code: digest(&code),
        code_expires: now.plus_millis(CODE_LIFE),
        redirect_uri: checked.redirect_uri.clone(),
        challenge: checked.challenge.clone(),
        created: now,
        redeemed: None,
        revoked: None,
    };
    house.store.insert_connection(&connection).await?;
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::super::Metadata;
    use super::*;
    use crate::time::Timestamp;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn asked() -> Asked {
        Asked {
            response_type: Some("code".to_owned()),
            scope: Some(ClientScope::CredentialReadonly.as_str().to_owned()),
            code_challenge: Some(CHALLENGE.to_owned()),
            code_challenge_method: Some("S256".to_owned()),
            ..Asked::default()
        }
    }

    fn code(asked: &Asked) -> &'static str {
        let scope = ClientScope::write_list(&[ClientScope::CredentialReadonly, ClientScope::OfflineAccess]);
        let metadata = Metadata { scope, ..Metadata::default() };
        let client = Client { id: PublicId(uuid::Uuid::nil()), digest: [0; 32], metadata, created: Timestamp(0) };
        content(asked, &client).map_or_else(|(code, _)| code.as_str(), |_| "shown")
    }

    #[test]
    fn only_what_is_whole_is_shown_to_an_earner() {
        assert_eq!(code(&asked()), "shown");
        let some = |text: &str| Some(text.to_owned());
        for (bad, expected) in [
            (Asked { response_type: some("token"), ..asked() }, "unsupported_response_type"),
            (Asked { response_type: None, ..asked() }, "invalid_request"),
            (Asked { code_challenge_method: some("plain"), ..asked() }, "invalid_request"),
            (Asked { code_challenge_method: None, ..asked() }, "invalid_request"),
            (Asked { code_challenge: None, ..asked() }, "invalid_request"),
            (Asked { code_challenge: some("short"), ..asked() }, "invalid_request"),
            (Asked { code_challenge: some(&format!("{CHALLENGE}=")), ..asked() }, "invalid_request"),
            (Asked { state: Some("x".repeat(MAX_STATE + 1)), ..asked() }, "invalid_request"),
            (Asked { scope: None, ..asked() }, "invalid_scope"),
            (Asked { scope: some("offline_access"), ..asked() }, "invalid_scope"),
            (Asked { scope: some("admin"), ..asked() }, "invalid_scope"),
            (Asked { scope: some(ClientScope::CredentialUpsert.as_str()), ..asked() }, "invalid_scope"),
        ] {
            assert_eq!(code(&bad), expected, "{bad:?}");
        }
    }
}
