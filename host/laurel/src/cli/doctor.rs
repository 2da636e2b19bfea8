//! `laurel doctor`

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use laurel_core::credentials::Signer;
use laurel_core::id::Partitions;
use laurel_core::page::PageRequest;
use laurel_core::random::Random;
use laurel_core::time::{Clock, Timestamp};
use laurel_openbadges::contexts::Contexts;
use laurel_storage::{Database, OpenError};

use super::{ConfigArgs, block_on};
use crate::adapters::{MasterKey, OsRandom, SystemClock};
use crate::config::Config;
use crate::host::{self, check_master_key};
use crate::logging;
use crate::signing::{InProcessSigner, KeyRing, RemoteSigner};

/// So many events behind are no backlog but the moment's work.
const LAG: u64 = 10_000;
/// So many unsigned awards likewise.
const UNSIGNED: usize = 1_000;
/// 2026-01-01: no clock that goes right shows less.
const PLAUSIBLE: Timestamp = Timestamp(1_767_225_600_000);

/// Look at settings, database, keys, plugins and backlogs, and say what is wrong
///
/// Exit code 0 when nothing is. Changes nothing.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    config: ConfigArgs,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings {
    faults: usize,
}

impl Findings {
    fn good(&mut self, text: impl std::fmt::Display) {
        println!("ok    {text}");
    }

    fn note(&mut self, text: impl std::fmt::Display) {
        println!("note  {text}");
    }

    fn fault(&mut self, text: impl std::fmt::Display) {
        self.faults += 1;
        println!("FAULT {text}");
    }
}

impl Doctor {
    pub(crate) fn run(self) -> Result<ExitCode> {
        logging::start_quiet();
        let mut findings = Findings::default();
        match self.config.load(&[]) {
            Ok(config) => {
                findings.good("the settings can be read");
                block_on(examine(&config, &mut findings))?;
            }
            Err(error) => findings.fault(error),
        }
        Ok(if findings.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn examine(config: &Config, findings: &mut Findings) -> Result<()> {
    if !config.data_dir.is_dir() {
        findings.note(format!("there is no data folder {} yet: the first start makes it", config.data_dir.display()));
        return Ok(());
    }
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let signer = signer(config, &random, findings).await;
    match host::open_database(config, &clock, &random).await {
        Ok(database) => inside(&database, signer.as_deref(), findings).await,
        Err(error) => {
            let in_use = error.downcast_ref().is_some_and(|error| matches!(error, OpenError::InUse(_)));
            if in_use {
                findings.note("the host is running and has the database for itself: stop it to have the data examined");
            } else {
                findings.fault(format!("{error:#}"));
            }
        }
    }
    Ok(())
}

/// Who would sign, if anybody can.
async fn signer(config: &Config, random: &Arc<dyn Random>, findings: &mut Findings) -> Option<Arc<dyn Signer>> {
    let master = MasterKey::find(config.master_key_file(), &config.data_dir);
    if let Some(socket) = config.signer() {
        if matches!(master, Ok(Some(_))) {
            findings.fault("a signer process signs, and yet this host can read a master key: take it away from here");
        }
        let signer = RemoteSigner::new(socket);
        return match signer.host_keys().await {
            Ok(_) => {
                findings.good("the signer answers");
                Some(Arc::new(signer))
            }
            Err(error) => {
                findings.fault(format!("{error:#}"));
                None
            }
        };
    }
    match master {
        Ok(Some(master)) => {
            Some(Arc::new(InProcessSigner::new(KeyRing::new(&master, Arc::clone(random), Contexts::bundled()))))
        }
        Ok(None) => {
            findings.note("there is no master key yet: the first start makes one");
            None
        }
        Err(error) => {
            findings.fault(format!("{error:#}"));
            None
        }
    }
}

/// What only the database can tell.
async fn inside(database: &Database, signer: Option<&dyn Signer>, findings: &mut Findings) {
    if let Err(error) = database.ping().await {
        return findings.fault(format!("the database does not answer: {error}"));
    }
    findings.good(format!("the database answers ({})", database.engine_name()));
    let store: Arc<dyn laurel_core::store::Store> = Arc::new(database.clone());
    if let Err(error) = store.has_tokens().await {
        return findings.fault(format!("the schema is not up to date; starting the host brings it there ({error})"));
    }
    if let Some(signer) = signer {
        match check_master_key(&store, signer).await {
            Ok(()) => findings.good("the master key fits the database"),
            Err(error) => findings.fault(format!("{error:#}")),
        }
    }
    if let Err(error) = contents(&*store, findings).await {
        findings.fault(format!("the database cannot be read: {error}"));
    }
}

async fn contents(
    store: &dyn laurel_core::store::Store,
    findings: &mut Findings,
) -> Result<(), laurel_core::store::StoreError> {
    let plugins = store.plugins().await?;
    for plugin in plugins.iter().filter(|plugin| plugin.broken.is_some()) {
        let why = plugin.broken.as_deref().unwrap_or_default();
        findings.fault(format!("the plugin {} {} is broken: {why}", plugin.manifest.name, plugin.manifest.version));
    }
    findings.good(format!("{} plugins are stored", plugins.len()));
    let organisations = store.organisations(PageRequest { after: None, limit: 200 }).await?.items;
    let times = plugins.iter().map(|plugin| plugin.added).chain(organisations.iter().map(|each| each.created));
    clock(times.max().unwrap_or(PLAUSIBLE).max(PLAUSIBLE), findings);
    match store.lag().await? {
        lag if lag > LAG => findings.fault(format!("{lag} events wait to be folded: is the host running?")),
        lag => findings.good(format!("{lag} events wait to be folded")),
    }
    match store.unsigned_awards(Partitions::ALL, UNSIGNED).await?.len() {
        UNSIGNED => findings.fault(format!("{UNSIGNED} awards or more wait for their signature: see the host's log")),
        few => findings.good(format!("{few} awards wait for their signature")),
    }
    Ok(())
}

fn clock(latest: Timestamp, findings: &mut Findings) {
    let now = SystemClock.now();
    if now < latest {
        findings.fault(format!("the clock is wrong: it shows {now}, but something was stored at {latest}"));
    } else {
        findings.good(format!("the clock shows {now}"));
    }
}
