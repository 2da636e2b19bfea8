//! `laurel key`

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::api::ApiArgs;
use super::block_on;
use crate::logging;

/// Look at an organisation's signing keys, and have fresh ones take over
///
/// The commands speak to a running host. A key is active until a fresh one takes over, then retiring, then retired; what it signed stays
/// valid through all of that. Nothing that a compromised key signed is believed here any more.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// List keys, oldest first
    List(Within),
    /// Have a fresh key take over
    Rotate(Within),
    /// Retire a key that is retiring
    Retire(Change),
    /// Declare a key compromised: it leaves the DID document, and a fresh one takes over; a did:key revokes what was issued with a status
    Compromise(Change),
}

/// Which organisation.
#[derive(Debug, Args)]
pub(crate) struct Within {
    #[command(flatten)]
    api: ApiArgs,
    /// The organisation's slug or id
    #[arg(long)]
    organisation: String,
    /// Print the answer as one JSON document
    #[arg(long)]
    json: bool,
}

/// Which key.
#[derive(Debug, Args)]
pub(crate) struct Change {
    #[command(flatten)]
    within: Within,
    /// The key's id, as `laurel key list` shows it
    id: String,
}

impl Key {
    pub(crate) fn run(self) -> Result<()> {
        logging::start_quiet();
        block_on(async {
            match self {
                Self::List(within) => within.print(&within.api.get(&within.path("")).await?),
                Self::Rotate(within) => {
                    let key = within.api.post(&within.path(""), "application/json", Vec::new()).await?;
                    within.print(&key);
                }
                Self::Retire(change) => change.make("retired").await?,
                Self::Compromise(change) => change.make("compromised").await?,
            }
            Ok(())
        })
    }
}

impl Within {
    fn path(&self, rest: &str) -> String {
        format!("/v1/organisations/{}/keys{rest}", self.organisation)
    }

    fn print(&self, answer: &Value) {
        if self.json {
            return println!("{answer}");
        }
        let keys = answer.get("items").and_then(Value::as_array).map_or(std::slice::from_ref(answer), Vec::as_slice);
        for key in keys {
            let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or("?");
            println!("{}  {:<11}  {}  {}", text("id"), text("state"), text("created"), text("public"));
        }
    }
}

impl Change {
    async fn make(self, state: &str) -> Result<()> {
        let path = self.within.path(&format!("/{}/state", self.id));
        self.within.print(&self.within.api.put(&path, &json!({ "state": state })).await?);
        Ok(())
    }
}
