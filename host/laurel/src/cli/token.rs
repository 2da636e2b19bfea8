//! `laurel token`: API tokens, worked on in the database itself.

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use laurel_core::id::{OrganisationId, TokenId};
use laurel_core::page::PageRequest;
use laurel_core::tokens::{self, Assertions, NewToken, Scope};
use laurel_core::{House, organisations};
use serde_json::json;

use super::{ConfigArgs, block_on};
use crate::host::{Host, explain};
use crate::logging;

/// Create, list and revoke API tokens
///
/// The commands work on the database itself. With SQLite the host must not be running at the same time; when it is, use its API
/// (/v1/tokens).
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Create a token and print its secret, which nobody can find out afterwards
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    config: ConfigArgs,
    /// What it is for
    #[arg(long)]
    name: String,
    /// What it may do
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_enum)]
    scopes: Vec<ScopeName>,
    /// Bind it to one organisation (slug or id); without it is the platform operator's
    #[arg(long)]
    organisation: Option<String>,
    /// With the scope events: what its events may claim, a JSON object with source, namespaces, kinds, `personal_identifiers`
    #[arg(long, value_name = "JSON")]
    assertions: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// List tokens, without their secrets
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArgs,
    /// Those of one organisation (slug or id); without, the platform operator's
    #[arg(long)]
    organisation: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Revoke a token
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    config: ConfigArgs,
    /// Its id, as `laurel token list` shows it
    id: TokenId,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeName {
    /// Organisations, plugins, tokens of every organisation
    Platform,
    /// Achievements, rules, installations, keys, tokens of the organisation
    Manage,
    /// Award and revoke
    Award,
    /// Send events
    Events,
    /// Read everything of the organisation
    Read,
    /// Sign its subjects in
    SignIn,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Platform => Self::Platform,
            ScopeName::Manage => Self::Manage,
            ScopeName::Award => Self::Award,
            ScopeName::Events => Self::Events,
            ScopeName::Read => Self::Read,
            ScopeName::SignIn => Self::SignIn,
        }
    }
}

impl Token {
    pub(crate) fn run(self) -> Result<()> {
        logging::start_quiet();
        match self {
            Self::Create(create) => block_on(create.run()),
            Self::List(list) => block_on(list.run()),
            Self::Revoke(revoke) => block_on(revoke.run()),
        }
    }
}

async fn house(config: &ConfigArgs) -> Result<House> {
    let config = config.load(&[])?;
    let base_url = config.base_url(config.listen);
    let opened = Host::open(&config, &base_url).await;
    Ok(opened.context("with SQLite the host must not be running; use its API /v1/tokens")?.house)
}

async fn organisation(house: &House, name: Option<&str>) -> Result<Option<OrganisationId>> {
    let Some(name) = name else { return Ok(None) };
    let found = organisations::find(house, name).await.map_err(explain);
    Ok(Some(found.with_context(|| format!("organisation {name:?}"))?.id))
}

impl Create {
    async fn run(self) -> Result<()> {
        let house = house(&self.config).await?;
        let assertions = self.assertions.as_deref().map(serde_json::from_str::<Assertions>).transpose();
        let new = NewToken {
            organisation: organisation(&house, self.organisation.as_deref()).await?,
            name: self.name,
            scopes: self.scopes.into_iter().map(Scope::from).collect(),
            assertions: assertions.context("--assertions")?,
        };
        let (token, secret) = tokens::issue(&house, new).await.map_err(explain)?;
        if self.json {
            println!("{}", json!({ "token": token, "secret": secret }));
        } else {
            println!("{secret}");
        }
        Ok(())
    }
}

impl List {
    async fn run(self) -> Result<()> {
        let house = house(&self.config).await?;
        let organisation = organisation(&house, self.organisation.as_deref()).await?;
        let mut found = Vec::new();
        let mut page = PageRequest { after: None, limit: 200 };
        loop {
            let part = house.store.tokens(organisation, page).await?;
            found.extend(part.items);
            match part.next {
                Some(after) => page.after = Some(after),
                None => break,
            }
        }
        if self.json {
            println!("{}", json!({ "tokens": found }));
            return Ok(());
        }
        for token in found {
            let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
            let state = token.revoked.map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}"));
            println!("{}  {}  {}  {}", token.id, scopes.join(","), state, token.name);
        }
        Ok(())
    }
}

impl Revoke {
    async fn run(self) -> Result<()> {
        let house = house(&self.config).await?;
        let token = house.store.token(self.id).await?.with_context(|| format!("there is no token {}", self.id))?;
        tokens::revoke(&house, token.organisation, token.id).await.map_err(explain)?;
        println!("revoked {}", token.id);
        Ok(())
    }
}
