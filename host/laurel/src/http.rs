//! Serves over HTTP, as the settings say.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use laurel_core::House;
use laurel_core::plugins::Outbound;
use laurel_http::{AppState, BrowserVerifier, ServeLimits, Tls};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::config::{Config, Http};

/// Serves until `stop` is ready and the requests under way have been answered.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    house: House,
    outbound: Arc<dyn Outbound>,
    settings: &Config,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let state = AppState::new(house, config(settings)?).with_outbound(outbound);
    let served = laurel_http::serve(listener, tls, laurel_http::router(state), limits(&settings.http), stop).await;
    served.context("the server failed")
}

/// The certificate that the settings name, if they name one.
pub(crate) fn tls(settings: &Http) -> Result<Option<Tls>> {
    let Some((certificate, key)) = settings.tls() else { return Ok(None) };
    let read = |file: &Path| std::fs::read(file).with_context(|| format!("cannot read {}", file.display()));
    let tls = Tls::new(&read(certificate)?, &Zeroizing::new(read(key)?));
    tls.map(Some).with_context(|| format!("{} and {}", certificate.display(), key.display()))
}

fn config(settings: &Config) -> Result<laurel_http::Config> {
    let http = &settings.http;
    let verifier = http.browser_verifier().map(|file| {
        std::fs::read(file).with_context(|| format!("http.browser-verifier: cannot read {}", file.display()))
    });
    Ok(laurel_http::Config {
        browser_verifier: verifier.transpose()?.map(BrowserVerifier::new),
        proof_alone: settings.conformance,
        privacy_policy: settings.earners.privacy_policy(),
        terms: settings.earners.terms(),
        max_request: http.max_request,
        max_component: http.max_component,
        token_memory: Duration::from_millis(http.token_memory_millis),
    })
}

/// How long clients may take, and how much they may hold.
pub(crate) fn limits(settings: &Http) -> ServeLimits {
    ServeLimits {
        first_byte: Duration::from_millis(settings.first_byte_millis),
        headers: Duration::from_millis(settings.headers_millis),
        body_idle: Duration::from_millis(settings.body_idle_millis),
        request: Duration::from_millis(settings.request_millis),
        header_count: settings.header_count,
        head_bytes: settings.head_bytes,
        connections: settings.connections,
        farewell: Duration::from_millis(settings.farewell_millis),
    }
}
