//! `laurel serve`

use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use laurel_core::House;
use laurel_core::tokens::{self, NewToken, Scope};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{ConfigArgs, block_on};
use crate::adapters::OsRandom;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::host::{Host, explain};
use crate::workers::{Identity, Workers};
use crate::{conformance, http, logging};

/// Run the host
///
/// The first start prints the platform operator's token, once. Ctrl-C or SIGTERM ends the host after the requests and steps it is at.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    config: ConfigArgs,
    /// Where to listen for HTTP
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The URL under which others reach the host
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The socket of the signer process, which then alone has the master key
    #[arg(long, value_name = "SOCKET")]
    signer: Option<String>,
    /// A file with the certificate, PEM: the host speaks TLS itself
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<String>,
    /// A file with the certificate's private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<String>,
    /// Stand up what the conformance suites test, over TLS; not for production
    #[arg(long)]
    conformance: bool,
    /// Milliseconds between two publications of status lists; 0 publishes at once
    #[arg(long, value_name = "MILLISECONDS")]
    status_tick: Option<String>,
}

impl Serve {
    pub(crate) fn run(self) -> Result<()> {
        let mut config = self.config.load(&[
            ("--listen", "listen", self.listen.as_deref()),
            ("--base-url", "base-url", self.base_url.as_deref()),
            ("--signer", "signer", self.signer.as_deref()),
            ("--tls-certificate", "http.tls-certificate", self.tls_certificate.as_deref()),
            ("--tls-key", "http.tls-key", self.tls_key.as_deref()),
            ("--status-tick", "status.tick-millis", self.status_tick.as_deref()),
        ])?;
        config.conformance = self.conformance;
        logging::start(&config.log)?;
        block_on(serve(Arc::new(config)))
    }
}

async fn serve(config: Arc<Config>) -> Result<()> {
    let folder = DataFolder::take(&config.data_dir, &OsRandom)?;
    let tls = match http::tls(&config.http)? {
        None if config.conformance => Some(conformance::certificate()?),
        given => given,
    };
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    let bound = listener.local_addr()?;
    let base_url = config.base_url(bound);
    let host = Host::open(&config, &base_url).await?;
    host.plugins.load_all().await?;
    let node = if config.node.is_empty() { folder.node() } else { &config.node };
    let identity = Identity { node: node.to_owned(), life: host.house.clock.now().0 };
    let workers = Workers::start(host.house.clone(), host.bells, Arc::clone(&config), identity)?;
    if let Some(secret) = first_token(&host.house).await? {
        println!("admin token (shown this once): {secret}");
    }
    if config.conformance {
        println!("for the suites: {}", conformance::prepare(&host.house, &config.data_dir).await?.display());
    }
    println!("listening on {bound}, reached as {base_url}");
    let served = http::serve(listener, tls, host.house, host.outbound, &config, stop_signal()?).await;
    tracing::info!("stopping");
    workers.stop().await;
    served
}

/// The platform operator's token, if there is no token at all yet.
async fn first_token(house: &House) -> Result<Option<String>> {
    if house.store.has_tokens().await? {
        return Ok(None);
    }
    let scopes = vec![Scope::Platform, Scope::Manage, Scope::Award, Scope::Read];
    let new = NewToken { organisation: None, name: "first start".to_owned(), scopes, assertions: None };
    let (_, secret) = tokens::issue(house, new).await.map_err(explain)?;
    Ok(Some(secret))
}

/// Ends with the first signal to stop; a second one ends the process at once.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tracing::warn!("stopping at once");
            std::process::exit(130);
        });
    })
}
