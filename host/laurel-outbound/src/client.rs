//! The client: the core's `Outbound` port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use laurel_core::plugins::{Outbound, OutboundError, OutboundRequest, OutboundResponse};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::answer;
use crate::dial::dial;
use crate::network::{Network, SystemNetwork};
use crate::target::{Ports, Target};

/// Redirects that are followed on the way to a document.
const MAX_REDIRECTS: usize = 3;

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Lets requests reach this machine, by http too and on any port: for the demo and for tests. The host must be on the
    /// request's list all the same.
    pub allow_loopback: bool,
    /// Longest time for one request, whatever it asks for.
    pub max_timeout: Duration,
    /// Longest body of an answer in bytes, whatever the request asks for.
    pub max_body: usize,
    /// Certificate authorities to trust besides Mozilla's, in DER.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { allow_loopback: false, max_timeout: Duration::from_secs(30), max_body: 8 << 20, extra_roots: Vec::new() }
    }
}

/// Sends requests out.
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    network: Arc<dyn Network>,
    tls: TlsConnector,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client on the machine's own network.
    pub fn new(settings: Settings) -> Result<Self, OutboundError> {
        Self::with_network(settings, Arc::new(SystemNetwork))
    }

    /// A client on a given network.
    pub fn with_network(settings: Settings, network: Arc<dyn Network>) -> Result<Self, OutboundError> {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        for root in &settings.extra_roots {
            roots.add(root.clone()).map_err(|error| failed("an extra root certificate cannot be used", &error))?;
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed("TLS", &error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { settings: Arc::new(settings), network, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Goes where a document has moved to.
    async fn follow(&self, mut request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        for _ in 0..=MAX_REDIRECTS {
            let target = Target::parse(&request.url, &request.allowed_hosts, Ports::Unprivileged, &self.settings)?;
            let response = self.exchange(target, request.clone()).await?;
            match moved(&request.url, &response) {
                Some(next) => request.url = next,
                None => return Ok(response),
            }
        }
        Err(OutboundError::Failed(format!("it leads on and on: at most {MAX_REDIRECTS} redirects are followed")))
    }

    async fn within(
        &self,
        time: Duration,
        answer: impl Future<Output = Result<OutboundResponse, OutboundError>>,
    ) -> Result<OutboundResponse, OutboundError> {
        let sent = tokio::time::timeout(time.min(self.settings.max_timeout), answer).await;
        sent.unwrap_or(Err(OutboundError::Timeout))
    }

    async fn exchange(&self, target: Target, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let max_body = request.max_body.min(self.settings.max_body);
        let built = answer::build(&target, request)?;
        let stream = dial(&target, &*self.network).await?;
        if !target.tls {
            return answer::exchange(stream, built, max_body).await;
        }
        let stream = self
            .tls
            .connect(server_name(&target.host)?, stream)
            .await
            .map_err(|error| failed("no TLS connection", &error))?;
        answer::exchange(stream, built, max_body).await
    }
}

fn server_name(host: &Host<String>) -> Result<ServerName<'static>, OutboundError> {
    match host {
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|error| failed("the host", &error)),
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

fn failed(what: &str, error: &dyn std::error::Error) -> OutboundError {
    OutboundError::Failed(format!("{what}: {error}"))
}

#[async_trait]
impl Outbound for Client {
    /// Everything, from the look-up to the last byte, happens within the request's time.
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let target = Target::parse(&request.url, &request.allowed_hosts, Ports::Https, &self.settings)?;
        self.within(request.timeout, self.exchange(target, request)).await
    }

    /// The same time is for all places together.
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        self.within(request.timeout, self.follow(request)).await
    }
}

/// Where an answer sends on to (RFC 9110, section 15.4).
fn moved(from: &str, response: &OutboundResponse) -> Option<String> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let place = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("location"))?;
    Some(Url::parse(from).ok()?.join(&place.value).ok()?.into())
}
