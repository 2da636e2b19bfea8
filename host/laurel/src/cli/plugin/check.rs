//! `laurel plugin check`
use anyhow::Result;
use clap::Args;
/// x
#[derive(Debug, Args)]
pub(crate) struct Check {}
impl Check { pub(crate) async fn run(self) -> Result<()> { Ok(()) } }
