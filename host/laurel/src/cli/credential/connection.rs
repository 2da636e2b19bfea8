//! A connection to a host elsewhere that keeps badges: found, registered with, allowed by the earner in a browser (Open Badges 3.0,
//! section 7).

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use clap::Args;
use laurel_core::clients::{ClientScope, Metadata};
use laurel_core::plugins::{Header, Outbound, OutboundRequest, OutboundResponse};
use laurel_core::random::Random;
use laurel_outbound::{Client, Settings};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::callback::Callback;
use crate::adapters::OsRandom;

const TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of an answer.
const MAX_ANSWER: usize = 16 << 20;

/// Which host, and how it may be reached.
#[derive(Clone, Debug, Args)]
pub(super) struct Backpack {
    /// The base URL of the host that keeps the badges; its API is below it, at /ims/ob/v3p0
    #[arg(long, value_name = "URL")]
    host: String,
}

/// Registered, and let in by the earner.
pub(super) struct Connection {
    network: Client,
    api: String,
    /// `Authorization` of the client itself, and where it gives tokens back.
    basic: String,
    revocation: Option<String>,
    token: String,
}

/// What the host says of itself.
struct Places {
    registration: String,
    authorization: String,
    token: String,
    revocation: Option<String>,
}

impl Places {
    fn read(document: &Value) -> Result<Self> {
        let scheme = &document["components"]["securitySchemes"]["OAuth2ACG"];
        let flow = &scheme["flows"]["authorizationCode"];
        let place = |value: &Value, name: &str| {
            let text = value.as_str().with_context(|| format!("its service description names no {name}"))?;
            Url::parse(text).with_context(|| format!("the {name} {text:?} of its service description is no URL"))?;
            anyhow::Ok(text.to_owned())
        };
        Ok(Self {
            registration: place(&scheme["x-imssf-registrationUrl"], "x-imssf-registrationUrl")?,
            authorization: place(&flow["authorizationUrl"], "authorizationUrl")?,
            token: place(&flow["tokenUrl"], "tokenUrl")?,
            revocation: place(&scheme["x-imssf-revocationUrl"], "x-imssf-revocationUrl").ok(),
        })
    }
}

impl Backpack {
    /// Asks the earner, in a browser, and comes back with what was allowed.
    pub(super) async fn connect(&self, allow_loopback: bool, scope: ClientScope) -> Result<Connection> {
        let settings = Settings { allow_loopback, max_timeout: TIMEOUT, ..Settings::default() };
        let network = Client::new(settings).context("the network client does not start")?;
        let api = format!("{}/ims/ob/v3p0", self.host.trim_end_matches('/'));
        let described = send(&network, "GET", &format!("{api}/discovery"), &[], Vec::new()).await?;
        let places = Places::read(&json(&described, "its service description")?)?;
        let callback = Callback::open().await?;
        let redirect = callback.address()?;
        let (id, secret) = register(&network, &places.registration, &redirect, scope).await?;
        let (verifier, state) = (fresh(), fresh());
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let question = Url::parse_with_params(
            &places.authorization,
            [
                ("response_type", "code"),
                ("client_id", &id),
                ("redirect_uri", &redirect),
                ("scope", scope.as_str()),
                ("state", &state),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        )?;
        println!("open this address in a browser in which you are signed in there, and allow it:\n{question}");
        let code = callback.code(&state).await?;
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &redirect),
            ("scope", scope.as_str()),
            ("code_verifier", &verifier),
        ];
        let answer = submit(&network, &places.token, &basic, &fields).await?;
        let token = json(&answer, "the token")?["access_token"].as_str().context("it gave no access_token")?.to_owned();
        Ok(Connection { network, api, basic, revocation: places.revocation, token })
    }
}

impl Connection {
    /// A request of the API.
    pub(super) async fn call(&self, method: &str, place: &str, media: &str, body: Vec<u8>) -> Result<OutboundResponse> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", media)];
        send(&self.network, method, &format!("{}/{place}", self.api), &headers, body).await
    }

    /// Gives the token back, where the host takes it.
    pub(super) async fn close(self) -> Result<()> {
        let Some(revocation) = &self.revocation else { return Ok(()) };
        submit(&self.network, revocation, &self.basic, &[("token", &self.token)]).await?;
        Ok(())
    }
}

async fn register(network: &Client, place: &str, redirect: &str, scope: ClientScope) -> Result<(String, String)> {
    let metadata = Metadata {
        client_name: "laurel (command line)".to_owned(),
        software_id: Some("laurel".to_owned()),
        software_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        redirect_uris: vec![redirect.to_owned()],
        token_endpoint_auth_method: "client_secret_basic".to_owned(),
        grant_types: vec!["authorization_code".to_owned()],
        response_types: vec!["code".to_owned()],
        scope: scope.as_str().to_owned(),
        application_type: "native".to_owned(),
        ..Metadata::default()
    };
    let headers = [("content-type", "application/json")];
    let answer = send(network, "POST", place, &headers, serde_json::to_vec(&metadata)?).await?;
    let registered = json(&answer, "the registration")?;
    let text = |name: &str| registered[name].as_str().map(str::to_owned).with_context(|| format!("it gave no {name}"));
    Ok((text("client_id")?, text("client_secret")?))
}

async fn submit(network: &Client, place: &str, basic: &str, fields: &[(&str, &str)]) -> Result<OutboundResponse> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("authorization", basic), ("content-type", "application/x-www-form-urlencoded")];
    send(network, "POST", place, &headers, body.into_bytes()).await
}

async fn send(
    network: &Client,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<OutboundResponse> {
    let host = Url::parse(url).with_context(|| format!("--host: {url:?} is no URL"))?;
    let host = host.host().with_context(|| format!("{url:?} names no host"))?.to_string();
    let header = |(name, value): &(&str, &str)| Header { name: (*name).to_owned(), value: (*value).to_owned() };
    let request = OutboundRequest {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: headers.iter().chain(&[("accept", "application/json, text/plain")]).map(header).collect(),
        body,
        allowed_hosts: vec![host],
        max_body: MAX_ANSWER,
        timeout: TIMEOUT,
    };
    let answer = network.send(request).await.with_context(|| format!("cannot reach {url}"))?;
    if !(200..300).contains(&answer.status) {
        bail!("{method} {url}: {} {}", answer.status, complaint(&answer.body));
    }
    Ok(answer)
}

/// What a host complains of, in whichever of the forms it does.
fn complaint(body: &[u8]) -> String {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let members = ["imsx_description", "error_description", "detail", "error"];
    let words = members.into_iter().find_map(|member| document[member].as_str());
    words.unwrap_or("without a word why").chars().take(500).collect()
}

fn json(answer: &OutboundResponse, what: &str) -> Result<Value> {
    let document: Value = serde_json::from_slice(&answer.body).with_context(|| format!("{what} is no JSON"))?;
    ensure!(document.is_object(), "{what} is no JSON object");
    Ok(document)
}

/// 256 random bits, in characters that need no encoding anywhere.
fn fresh() -> String {
    let mut bits = [0; 32];
    OsRandom.fill(&mut bits);
    hex::encode(bits)
}
