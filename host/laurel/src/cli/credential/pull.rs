//! `laurel credential pull`

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use laurel_core::clients::ClientScope;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::connection::{Backpack, Connection};
use crate::cli::block_on;

/// So many at once.
const LIMIT: usize = 50;
/// So many in all; a host that gives more has lost count.
const MOST: usize = 10_000;

/// Fetch the credentials that a host keeps (the Badge Connect API of Open Badges 3.0)
///
/// Registers with the host, prints an address to open in a browser, and writes every credential into a file of its own as soon as it
/// was allowed there: 1.json, 2.jwt, …, exactly as the host gave it.
#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[command(flatten)]
    backpack: Backpack,
    /// The folder to write into; files that are there stay
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,
    /// Let the host be this machine itself, by http too; for a host you try out
    #[arg(long)]
    allow_loopback: bool,
}

/// The class `GetOpenBadgeCredentialsResponse`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    #[serde(default)]
    credential: Vec<Box<RawValue>>,
    #[serde(default)]
    compact_jws_string: Vec<String>,
}

impl Pull {
    pub(crate) fn run(self) -> Result<()> {
        block_on(self.fetch())
    }

    async fn fetch(self) -> Result<()> {
        std::fs::create_dir_all(&self.output).with_context(|| self.output.display().to_string())?;
        let connection = self.backpack.connect(self.allow_loopback, ClientScope::CredentialReadonly).await?;
        let fetched = self.write_all(&connection).await;
        let closed = connection.close().await;
        println!("{} credentials in {}", fetched?, self.output.display());
        closed.context("but the access could not be given back: disconnect it in your account there")
    }

    async fn write_all(&self, connection: &Connection) -> Result<usize> {
        let mut count = 0;
        loop {
            let place = format!("credentials?limit={LIMIT}&offset={count}");
            let answer = connection.call("GET", &place, "application/json", Vec::new()).await?;
            let part: Credentials = serde_json::from_slice(&answer.body).context("the list cannot be read")?;
            let before = count;
            for document in &part.credential {
                count += 1;
                self.write(count, "json", document.get())?;
            }
            for token in &part.compact_jws_string {
                count += 1;
                self.write(count, "jwt", token)?;
            }
            if count == before {
                return Ok(count);
            }
            ensure!(count <= MOST, "the list does not end: more than {MOST} credentials");
        }
    }

    fn write(&self, number: usize, extension: &str, text: &str) -> Result<()> {
        let file = self.output.join(format!("{number}.{extension}"));
        ensure!(!file.exists(), "{} is there already: name an empty folder", file.display());
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}
