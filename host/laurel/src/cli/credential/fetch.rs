//! Gets documents for verification: the credential itself, the keys of its issuer, its status lists.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use laurel_core::plugins::{Header, Outbound, OutboundRequest};
use laurel_openbadges::verify::{Material, NeedKind, Verifier};
use laurel_outbound::{Client, Settings};
use url::Url;

/// Bytes a credential may have.
pub(super) const MAX_CREDENTIAL: usize = 4 << 20;
const MAX_KEYS: usize = 64 << 10;
const MAX_STATUS: usize = 1 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);
/// A list may need the keys of its issuer; more rounds than this lead nowhere.
const ROUNDS: usize = 4;

/// Fetches over the only way out.
pub(super) struct Fetcher {
    client: Client,
}

impl Fetcher {
    pub(super) fn new(allow_loopback: bool) -> Result<Self> {
        let client = Client::new(Settings { allow_loopback, ..Settings::default() });
        Ok(Self { client: client.context("the network client does not start")? })
    }

    pub(super) async fn credential(&self, url: &str) -> Result<Vec<u8>> {
        self.get(url, "application/vc, application/ld+json, application/json", MAX_CREDENTIAL).await
    }

    /// Everything that a verification wants, or the reasons why it is not to be had.
    pub(super) async fn material(&self, verifier: &Verifier<'_>, document: &[u8]) -> Material {
        let mut material = Material::new();
        for _ in 0..ROUNDS {
            let needs = verifier.needs(document, &material);
            if needs.is_empty() {
                break;
            }
            for need in needs {
                let fetched = match need.kind {
                    NeedKind::Keys => self.get(&need.url, "application/did+json, application/json", MAX_KEYS).await,
                    NeedKind::Status => self.get(&need.url, "application/vc, application/json", MAX_STATUS).await,
                    NeedKind::Resource => self.get(&need.url, "*/*", MAX_STATUS).await,
                };
                match fetched {
                    Ok(bytes) => material.add(need.url, bytes),
                    Err(why) => material.add_failure(need.url, format!("{why:#}")),
                }
            }
        }
        material
    }

    async fn get(&self, url: &str, accept: &str, max_body: usize) -> Result<Vec<u8>> {
        let host = Url::parse(url)?.host().context("the URL names no host")?.to_string();
        let request = OutboundRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: vec![Header { name: "accept".to_owned(), value: accept.to_owned() }],
            body: Vec::new(),
            allowed_hosts: vec![host],
            max_body,
            timeout: TIMEOUT,
        };
        let response = self.client.send(request).await?;
        if response.status != 200 {
            bail!("the answer has the status {}", response.status);
        }
        Ok(response.body)
    }
}
