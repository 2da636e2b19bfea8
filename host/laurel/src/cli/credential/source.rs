//! Where a credential comes from: a file, standard input, or an address.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use laurel_core::credentials::MAX_IMAGE;
use laurel_core::plugins::{Header, Outbound, OutboundRequest};
use laurel_openbadges::Limits;
use laurel_openbadges::baking::{BakedVersion, is_image, unbake};
use laurel_outbound::{Client, Settings};
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(10);
const ACCEPT: &str =
    "application/vc+ld+json, application/vc, application/vc+jwt, application/json, image/png, image/svg+xml";

/// A credential, as a document, a token or inside an image.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// A file, an https URL, or - for standard input
    #[arg(value_name = "FILE|URL")]
    source: String,
    /// Let look-ups reach this machine itself, by http too; for a host you try out
    #[arg(long)]
    pub(super) allow_loopback: bool,
}

/// What was found there.
pub(super) struct Found {
    /// The credential itself.
    pub(super) text: Vec<u8>,
    /// In words, what it was found in.
    pub(super) form: &'static str,
}

impl Source {
    /// As it was given.
    pub(super) fn name(&self) -> &str {
        &self.source
    }

    /// The address, if it is one.
    pub(super) fn url(&self) -> Option<&str> {
        let is_url = self.source.starts_with("https://") || self.source.starts_with("http://");
        is_url.then_some(self.source.as_str())
    }

    /// The only way out.
    pub(super) fn client(&self) -> Result<Client> {
        let settings = Settings { allow_loopback: self.allow_loopback, ..Settings::default() };
        Client::new(settings).context("the network client does not start")
    }

    /// The bytes as they are.
    pub(super) async fn bytes(&self) -> Result<Vec<u8>> {
        match self.url() {
            Some(url) => get(&self.client()?, url).await.with_context(|| format!("cannot fetch {url}")),
            None => local(&self.source),
        }
    }

    /// The credential, taken out of its image if it is in one.
    pub(super) async fn credential(&self) -> Result<Found> {
        let bytes = self.bytes().await?;
        if is_image(&bytes) {
            let is_drawing = !bytes.starts_with(b"\x89PNG");
            let baked = unbake(&bytes, &Limits::default())?.context("there is no badge inside this image")?;
            let form = match (baked.version, is_drawing) {
                (BakedVersion::V3, true) => "a credential inside an SVG image",
                (BakedVersion::V3, false) => "a credential inside a PNG image",
                (BakedVersion::V2, _) => "a badge of Open Badges 2.0 inside an image",
            };
            return Ok(Found { text: baked.text.into_bytes(), form });
        }
        let form = if bytes.trim_ascii_start().starts_with(b"{") { "a document (JSON)" } else { "a token (JWT)" };
        Ok(Found { text: bytes, form })
    }
}

/// A file or standard input.
pub(super) fn local(name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_IMAGE as u64 + 1;
    let read = match name {
        "-" => std::io::stdin().take(limit).read_to_end(&mut bytes),
        file => std::fs::File::open(file).and_then(|open| open.take(limit).read_to_end(&mut bytes)),
    };
    let length = read.with_context(|| format!("cannot read {name}"))?;
    ensure!(length <= MAX_IMAGE, "{name} is larger than {MAX_IMAGE} bytes");
    Ok(bytes)
}

async fn get(client: &Client, url: &str) -> Result<Vec<u8>> {
    let host = Url::parse(url)?.host().context("the URL names no host")?.to_string();
    let request = OutboundRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: vec![Header { name: "accept".to_owned(), value: ACCEPT.to_owned() }],
        body: Vec::new(),
        allowed_hosts: vec![host],
        max_body: MAX_IMAGE,
        timeout: TIMEOUT,
    };
    let response = client.fetch(request).await?;
    ensure!(response.status == 200, "the answer has the status {}", response.status);
    Ok(response.body)
}
