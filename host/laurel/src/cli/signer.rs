//! `laurel signer`

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;

use super::serve::stop_signal;
use super::{ConfigArgs, block_on};
use crate::adapters::{MasterKey, OsRandom};
use crate::config::Config;
use crate::signing::{HostKeys, KeyRing, Server};
use crate::{contexts, data_folder, logging};

/// Run the signer: the one process that holds the master key
///
/// The host (`laurel serve --signer SOCKET`) runs plugins and holds no key; this process runs nothing and signs only complete
/// credentials whose proof it has verified itself. The master key comes from where `laurel config` says: the environment, a file, a
/// systemd credential, or the data folder.
#[derive(Debug, Args)]
pub(crate) struct SignerProcess {
    #[command(flatten)]
    config: ConfigArgs,
    /// The Unix socket to listen on
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// Number of a further user whose processes may ask; this process's own and root's always may
    #[arg(long = "allow-user", value_name = "UID")]
    users: Vec<u32>,
    /// Make a master key in the data folder if there is none anywhere: for the very first start
    #[arg(long)]
    make_master_key: bool,
}

impl SignerProcess {
    pub(crate) fn run(self) -> Result<()> {
        let config = self.config.load(&[])?;
        logging::start(&config.log)?;
        // A core dump would hold the keys.
        rlimit::setrlimit(rlimit::Resource::CORE, 0, 0).context("cannot forbid core dumps")?;
        let keys = self.keys(&config)?;
        block_on(self.serve(keys))
    }

    fn keys(&self, config: &Config) -> Result<(KeyRing, HostKeys)> {
        let file = config.master_key_file();
        let master = if self.make_master_key {
            data_folder::make(&config.data_dir)?;
            MasterKey::find_or_make(file, &config.data_dir, &OsRandom)?
        } else {
            let found = MasterKey::find(file, &config.data_dir)?;
            found.with_context(|| {
                format!(
                    "there is no master key: set LAUREL_MASTER_KEY or master-key-file, put it at {}, or make one with --make-master-key",
                    config.data_dir.join("master.key").display()
                )
            })?
        };
        Ok((KeyRing::new(&master, Arc::new(OsRandom), contexts::load(config)?), HostKeys::of(&master)))
    }

    async fn serve(self, (keys, host): (KeyRing, HostKeys)) -> Result<()> {
        let server = Server::bind(&self.socket, keys, host, &self.users).await?;
        println!("signing on {}", self.socket.display());
        server.run(stop_signal()?).await;
        Ok(())
    }
}
