//! The host as a process on fresh data.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::client::Client;

/// How long the host may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(15);

/// A running host. Its data goes when it goes.
#[derive(Debug)]
pub(crate) struct Host {
    process: Child,
    folder: TempDir,
    pub(super) client: Client,
    pub(super) url: String,
}

impl Host {
    /// Starts it, and returns when it listens.
    pub(super) fn start(laurel: &Path, verifier: &Path, port: u16) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("laurel-demo-").tempdir()?;
        let log = folder.path().join("host.log");
        let mut process = Command::new(laurel)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--status-tick", "0"])
            // The verify page shall be able to look up the credentials of this very host.
            .args(["--set", "outbound.allow-loopback=true"])
            .args(["--set", &format!("http.browser-verifier={}", verifier.display())])
            .arg("--data-dir")
            .arg(folder.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot run {}", laurel.display()))?;
        let output = process.stdout.take().context("the host has no standard output")?;
        match token_of(output) {
            Ok(token) => {
                let url = format!("http://127.0.0.1:{port}");
                Ok(Self { process, folder, client: Client::new(port, token), url })
            }
            Err(error) => {
                // It ends or has ended; only its log matters now.
                let _ = process.kill();
                let _ = process.wait();
                let said = fs::read_to_string(&log).unwrap_or_default();
                Err(error.context(format!("the host did not start: {}", said.trim_end())))
            }
        }
    }

    /// What the host has logged so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("host.log")).unwrap_or_default()
    }

    /// Ends it as an operator would, and removes its data.
    pub(crate) fn stop(mut self) -> Result<()> {
        let process = self.process.id().to_string();
        Command::new("kill").args(["-s", "TERM", &process]).status().context("cannot run kill")?;
        let patience = Instant::now() + FAREWELL;
        while Instant::now() < patience {
            if let Some(status) = self.process.try_wait()? {
                if !status.success() {
                    bail!("the host ended with {status}:\n{}", self.log());
                }
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the host did not end within {FAREWELL:?} after SIGTERM")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads what the host says until it listens; returns the token that a first start prints.
fn token_of(output: impl std::io::Read) -> Result<String> {
    let mut token = None;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some(found) = line.strip_prefix("admin token (shown this once): ") {
            token = Some(found.to_owned());
        }
        if line.starts_with("listening on ") {
            return token.context("it printed no admin token");
        }
    }
    bail!("it ended before it listened")
}
