//! `laurel credential canonicalize`

use anyhow::{Context, Result};
use clap::Args;
use laurel_openbadges::Limits;
use laurel_openbadges::canonical::{json, nquads};

use super::more_contexts::MoreContexts;
use super::source::Source;
use crate::cli::block_on;

/// Print what a credential says in canonical form: the statements (RDFC-1.0), or its JSON (JCS)
///
/// What a signature would not cover (an undefined term, a relative identifier) is an error that says where it stands. Useful when two
/// implementations disagree.
#[derive(Debug, Args)]
pub(crate) struct Canonicalize {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    contexts: MoreContexts,
    /// The JSON itself by RFC 8785, not the statements it makes
    #[arg(long)]
    jcs: bool,
}

impl Canonicalize {
    pub(crate) fn run(self) -> Result<()> {
        let found = block_on(self.source.credential())?;
        let limits = Limits::default();
        if self.jcs {
            println!("{}", json(&found.text, &limits).context("it has no canonical form")?);
        } else {
            let quads = nquads(&found.text, self.contexts.load()?, &limits);
            print!("{}", quads.context("it has no canonical form")?);
        }
        Ok(())
    }
}
