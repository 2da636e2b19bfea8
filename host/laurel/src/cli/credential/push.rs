//! `laurel credential push`

use anyhow::{Context, Result};
use clap::Args;
use laurel_core::clients::ClientScope;

use super::connection::Backpack;
use super::source::Source;
use crate::cli::block_on;

/// Bring a credential to a host that keeps badges (the Badge Connect API of Open Badges 3.0)
///
/// Registers with the host, prints an address to open in a browser, and brings the credential as soon as it was allowed there.
#[derive(Debug, Args)]
pub(crate) struct Push {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    backpack: Backpack,
}

impl Push {
    pub(crate) fn run(self) -> Result<()> {
        block_on(self.bring())
    }

    async fn bring(self) -> Result<()> {
        let found = self.source.credential().await?;
        let document = found.text.trim_ascii().to_vec();
        let media = if document.starts_with(b"{") { "application/vc+ld+json" } else { "text/plain" };
        let connection = self.backpack.connect(self.source.allow_loopback, ClientScope::CredentialUpsert).await?;
        let answer = connection.call("POST", "credentials", media, document).await;
        let closed = connection.close().await;
        let kept = if answer?.status == 201 { "kept" } else { "replaced what was kept there" };
        println!("{kept}: {}", self.source.name());
        closed.context("but the access could not be given back: disconnect it in your account there")
    }
}
