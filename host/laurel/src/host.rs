//! Puts the house together.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use laurel_core::credentials::{Signer, Vault};
use laurel_core::page::PageRequest;
use laurel_core::plugins::{Outbound, Sandbox};
use laurel_core::random::Random;
use laurel_core::store::Store;
use laurel_core::time::Clock;
use laurel_core::{Error, House};
use laurel_openbadges::contexts::Contexts;
use laurel_storage::Database;
use tokio::runtime::Handle;

use crate::adapters::{Bells, MasterKey, OsRandom, PluginsOnDemand, SealedVault, SystemClock};
use crate::config::{self, Config};
use crate::signing::{HostKeys, InProcessSigner, KeyRing, RemoteSigner};
use crate::{contexts, data_folder, sandbox};

/// A house with a roof: everything open, nothing running yet.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) house: House,
    pub(crate) bells: Arc<Bells>,
    pub(crate) plugins: Arc<PluginsOnDemand>,
    pub(crate) outbound: Arc<dyn Outbound>,
}

impl Host {
    /// Opens the database (bringing its schema up to date), finds the master key or the signer that has it, and builds what rests on them.
    pub(crate) async fn open(config: &Config, base_url: &str) -> Result<Self> {
        data_folder::make(&config.data_dir)?;
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(OsRandom));
        let database = open_database(config, &clock, &random).await?;
        database.migrate().await?;
        let store: Arc<dyn Store> = Arc::new(database);
        let contexts = contexts::load(config)?;
        let (keys, signer) = signer(config, &store, &random, contexts).await?;
        check_master_key(&store, &*signer).await?;
        let vault: Arc<dyn Vault> = Arc::new(SealedVault::new(&keys.vault, Arc::clone(&random)));
        let bells = Arc::new(Bells::new());
        let outbound = sandbox::outbound(&config.outbound)?;
        let sandbox = sandbox::open(config, &keys, Arc::clone(&outbound))?;
        let plugins = Arc::new(PluginsOnDemand::new(Arc::new(sandbox), Arc::clone(&store), Handle::current()));
        let house = House {
            store,
            clock,
            random,
            sandbox: Arc::clone(&plugins) as Arc<dyn Sandbox>,
            signer,
            vault,
            bell: Arc::clone(&bells) as _,
            tray: Arc::default(),
            contexts,
            base_url: base_url.into(),
            status_list_size: config.status.list_size,
        };
        Ok(Self { house, bells, plugins, outbound })
    }
}

/// Opens the database that the settings name, without touching its schema.
pub(crate) async fn open_database(
    config: &Config,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Database> {
    let (clock, random) = (Arc::clone(clock), Arc::clone(random));
    Ok(match config.database() {
        config::Database::Sqlite(path) => Database::open_sqlite(&path, clock, random).await?,
        config::Database::Postgres(url) => Database::open_postgres(&url, clock, random).await?,
    })
}

/// Who signs, and what the host itself needs of the master key: both from the signer process, if there is one.
async fn signer(
    config: &Config,
    store: &Arc<dyn Store>,
    random: &Arc<dyn Random>,
    contexts: &'static Contexts,
) -> Result<(HostKeys, Arc<dyn Signer>)> {
    if let Some(socket) = config.signer() {
        if MasterKey::find(config.master_key_file(), &config.data_dir).ok().flatten().is_some() {
            tracing::warn!("a signer process signs, and yet this host can read a master key: take it away from here");
        }
        let signer = RemoteSigner::new(socket);
        return Ok((signer.host_keys().await?, Arc::new(signer)));
    }
    let master = master_key(config, store, &**random).await?;
    let signer = InProcessSigner::new(KeyRing::new(&master, Arc::clone(random), contexts));
    Ok((HostKeys::of(&master), Arc::new(signer)))
}

/// Makes a master key only for a database that is still empty: another one would open nothing of what is there.
async fn master_key(config: &Config, store: &Arc<dyn Store>, random: &dyn Random) -> Result<MasterKey> {
    let file = config.master_key_file();
    if store.has_tokens().await? && MasterKey::find(file, &config.data_dir)?.is_none() {
        bail!(
            "this database is in use and its master key is not here: set LAUREL_MASTER_KEY, master-key-file, or put it at {}",
            config.data_dir.join("master.key").display()
        );
    }
    MasterKey::find_or_make(file, &config.data_dir, random)
}

/// Whether the master key fits the database: it must open a signing key.
pub(crate) async fn check_master_key(store: &Arc<dyn Store>, signer: &dyn Signer) -> Result<()> {
    let first = store.organisations(PageRequest { after: None, limit: 1 }).await?;
    let Some(organisation) = first.items.first() else { return Ok(()) };
    let Some(key) = store.active_key(organisation.id).await? else { return Ok(()) };
    signer.sign(&key, &[]).await.context("the master key does not fit this database").map(drop)
}

/// A use case's error with everything its caller has to change.
pub(crate) fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(problems) => {
            let faults: Vec<String> =
                problems.iter().map(|problem| format!("{} {}", problem.pointer, problem.message)).collect();
            anyhow::anyhow!("{}", faults.join("; "))
        }
        other => other.into(),
    }
}
