//! The JSON-LD contexts that a credential may name beside those of the standards: those that an operator added.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use laurel_openbadges::contexts::Contexts;

use crate::config::Layers;
use crate::contexts;

/// Where they are.
#[derive(Debug, Args)]
pub(super) struct MoreContexts {
    /// A JSON-LD context that the credential may name, from a file; may be given several times
    #[arg(long = "context", value_name = "URL=FILE", value_parser = url_and_file)]
    files: Vec<(String, PathBuf)>,
    /// The settings of a host, for the contexts that it knows
    #[arg(long, value_name = "FILE", env = "LAUREL_CONFIG")]
    config: Option<PathBuf>,
}

/// An address may hold an equals sign; the file is behind the last.
fn url_and_file(text: &str) -> Result<(String, PathBuf), String> {
    let (url, file) = text.rsplit_once('=').ok_or("write it as URL=FILE")?;
    Ok((url.to_owned(), file.into()))
}

impl MoreContexts {
    /// All contexts. They stay for the whole life of this process.
    pub(super) fn load(&self) -> Result<&'static Contexts> {
        let mut files = match &self.config {
            Some(file) => Layers::defaults()?.file(file)?.finish()?.contexts,
            None => Default::default(),
        };
        files.extend(self.files.iter().cloned());
        contexts::with_files(&files)
    }
}
