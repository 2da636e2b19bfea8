//! A client registers itself (RFC 7591; Open Badges 3.0, section 7.1.1).

use serde::{Deserialize, Serialize};

use super::redirect::{https_host, is_loopback};
use super::{Client, ClientScope, OauthError, RefusalCode};
use crate::house::House;
use crate::id::PublicId;
use crate::text::one_line;
use crate::tokens::{digest, fresh_secret};

/// The most redirect URIs, and the most people to ask, of one client.
const MOST: usize = 10;

const BASIC: &str = "client_secret_basic";

/// What a client says of itself. Members that RFC 7591 has beyond these are passed over, as it demands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Its name for people.
    #[serde(default)]
    pub client_name: String,
    /// Its home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Its terms of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Its privacy policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// What the program is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// Which version of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Where codes may be sent, each exactly as written.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// `client_secret_basic`, and no other.
    #[serde(default)]
    pub token_endpoint_auth_method: String,
    /// `authorization_code`, and `refresh_token` with the scope `offline_access`.
    #[serde(default)]
    pub grant_types: Vec<String>,
    /// `code`, and no other.
    #[serde(default)]
    pub response_types: Vec<String>,
    /// What it may ever ask for; `credential.readonly` if left out.
    #[serde(default)]
    pub scope: String,
    /// `web`, or `native` for a program on the earner's own machine, which may listen on its loopback address.
    #[serde(default)]
    pub application_type: String,
}

/// Registers a client. The second value is its secret, which nobody can find out afterwards.
pub async fn register(house: &House, metadata: Metadata) -> Result<(Client, String), OauthError> {
    let metadata = completed(metadata)?;
    let secret = fresh_secret("laurel_client_", &*house.random);
    let client =
        Client { id: PublicId::new(&*house.random), digest: digest(&secret), metadata, created: house.clock.now() };
    house.store.insert_client(&client).await?;
    Ok((client, secret))
}

/// Checked, and with what was left out.
fn completed(mut metadata: Metadata) -> Result<Metadata, OauthError> {
    let fault =
        |member: &str, why: String| OauthError::refused(RefusalCode::InvalidClientMetadata, format!("{member}: {why}"));
    one_line(&metadata.client_name, 100).map_err(|why| fault("client_name", why))?;
    check_details(&metadata).map_err(|(member, why)| fault(member, why))?;
    let native = match metadata.application_type.as_str() {
        "" | "web" => false,
        "native" => true,
        _ => return Err(fault("application_type", "it must be web or native".to_owned())),
    };
    check_redirects(&metadata, native)?;
    let scopes = ClientScope::parse_list(&metadata.scope)
        .map_err(|word| fault("scope", format!("there is no scope {word:?} here")))?;
    let scopes = if scopes.is_empty() { vec![ClientScope::CredentialReadonly] } else { scopes };
    if !matches!(metadata.token_endpoint_auth_method.as_str(), "" | BASIC) {
        return Err(fault("token_endpoint_auth_method", format!("only {BASIC} is taken")));
    }
    if metadata.response_types.iter().any(|word| word != "code") {
        return Err(fault("response_types", "only code is taken".to_owned()));
    }
    let known = |word: &String| word == "authorization_code" || word == "refresh_token";
    if !metadata.grant_types.iter().all(known) {
        return Err(fault("grant_types", "only authorization_code and refresh_token are taken".to_owned()));
    }
    let refresh = scopes.contains(&ClientScope::OfflineAccess).then_some("refresh_token");
    metadata.grant_types = ["authorization_code"].into_iter().chain(refresh).map(str::to_owned).collect();
    BASIC.clone_into(&mut metadata.token_endpoint_auth_method);
    metadata.response_types = vec!["code".to_owned()];
    metadata.scope = ClientScope::write_list(&scopes);
    if native { "native" } else { "web" }.clone_into(&mut metadata.application_type);
    Ok(metadata)
}

fn check_details(metadata: &Metadata) -> Result<(), (&'static str, String)> {
    let addresses = [
        ("client_uri", &metadata.client_uri),
        ("logo_uri", &metadata.logo_uri),
        ("tos_uri", &metadata.tos_uri),
        ("policy_uri", &metadata.policy_uri),
    ];
    for (member, address) in addresses {
        if let Some(address) = address {
            https_host(address).map_err(|why| (member, why))?;
        }
    }
    for (member, text) in [("software_id", &metadata.software_id), ("software_version", &metadata.software_version)] {
        if let Some(text) = text {
            one_line(text, 200).map_err(|why| (member, why))?;
        }
    }
    if metadata.contacts.len() > MOST {
        return Err(("contacts", format!("{MOST} are the most")));
    }
    metadata.contacts.iter().try_for_each(|contact| one_line(contact, 200).map_err(|why| ("contacts", why)))
}

/// Codes go only to the host whose name the earner reads on the consent page, or to the earner's own machine.
fn check_redirects(metadata: &Metadata, native: bool) -> Result<(), OauthError> {
    let fault = |why: String| OauthError::refused(RefusalCode::InvalidRedirectUri, why);
    if metadata.redirect_uris.is_empty() || metadata.redirect_uris.len() > MOST {
        return Err(fault(format!("name 1 to {MOST} redirect_uris")));
    }
    let home = metadata.client_uri.as_deref().and_then(|uri| https_host(uri).ok());
    for uri in &metadata.redirect_uris {
        let shown: String = uri.chars().take(200).collect();
        if is_loopback(uri) {
            if native {
                continue;
            }
            return Err(fault(format!("{shown:?} is for clients with the application_type native")));
        }
        let host = https_host(uri).map_err(|why| fault(format!("{shown:?}: {why}")))?;
        match &home {
            Some(home) if *home == host => {}
            Some(home) => return Err(fault(format!("{shown:?} must be on the host of client_uri, {home}"))),
            None => return Err(fault(format!("{shown:?} needs a client_uri on the same host"))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Metadata {
        Metadata {
            client_name: "Wallet".to_owned(),
            client_uri: Some("https://wallet.example/".to_owned()),
            redirect_uris: vec!["https://wallet.example/cb".to_owned()],
            ..Metadata::default()
        }
    }

    fn code(metadata: Metadata) -> &'static str {
        match completed(metadata) {
            Ok(_) => "taken",
            Err(OauthError::Refused { code, .. }) => code.as_str(),
            Err(OauthError::House(_)) => "house",
        }
    }

    #[test]
    fn what_is_left_out_is_completed() {
        let metadata = completed(asked()).unwrap();
        assert_eq!(metadata.scope, ClientScope::CredentialReadonly.as_str());
        assert_eq!((metadata.grant_types, metadata.response_types.len()), (vec!["authorization_code".to_owned()], 1));
        let offline = completed(Metadata { scope: "offline_access".to_owned(), ..asked() }).unwrap();
        assert_eq!(offline.grant_types, ["authorization_code", "refresh_token"]);
    }

    #[test]
    fn codes_go_only_to_the_clients_own_host() {
        let to = |uri: &str| Metadata { redirect_uris: vec![uri.to_owned()], ..asked() };
        for uri in [
            "https://evil.example/cb",
            "https://wallet.example.evil.example/",
            "http://wallet.example/cb",
            "https://wallet.example/cb#x",
            "http://127.0.0.1:7000/cb",
            "wallet://cb",
        ] {
            assert_eq!(code(to(uri)), "invalid_redirect_uri", "{uri}");
        }
        assert_eq!(code(Metadata { client_uri: None, ..asked() }), "invalid_redirect_uri");
        assert_eq!(code(Metadata { redirect_uris: Vec::new(), ..asked() }), "invalid_redirect_uri");
        let many = vec!["https://wallet.example/cb".to_owned(); MOST + 1];
        assert_eq!(code(Metadata { redirect_uris: many, ..asked() }), "invalid_redirect_uri");
        let native =
            Metadata { application_type: "native".to_owned(), client_uri: None, ..to("http://127.0.0.1:7000/cb") };
        assert_eq!(code(native), "taken");
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        for metadata in [
            Metadata { client_name: "evil\u{202E}name".to_owned(), ..asked() },
            Metadata { client_name: String::new(), ..asked() },
            Metadata { client_name: "x".repeat(101), ..asked() },
            Metadata { policy_uri: Some("javascript:alert(1)".to_owned()), ..asked() },
            Metadata { scope: "admin".to_owned(), ..asked() },
            Metadata { token_endpoint_auth_method: "none".to_owned(), ..asked() },
            Metadata { response_types: vec!["token".to_owned()], ..asked() },
            Metadata { grant_types: vec!["password".to_owned()], ..asked() },
            Metadata { application_type: "other".to_owned(), ..asked() },
            Metadata { contacts: vec![String::from("x"); MOST + 1], ..asked() },
            Metadata { software_id: Some("x".repeat(201)), ..asked() },
        ] {
            assert_eq!(code(metadata.clone()), "invalid_client_metadata", "{metadata:?}");
        }
    }
}
