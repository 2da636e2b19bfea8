//! The signer process. It holds the master key, listens on a Unix socket, and does two things: makes keys, and signs credentials that
//! hold up to its own scrutiny.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use laurel_core::credentials::SignError;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::keyring::OpenKey;
use super::scrutiny::examine;
use super::wire::{self, Answer, Batch, Outcome, Request};
use super::{HostKeys, KeyRing, cores};

/// Connections at once; a host has one for each batch it has under way.
const CONNECTIONS: usize = 256;
/// How long requests under way may go on when the process stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// A signer on its socket.
#[derive(Debug)]
pub(crate) struct Server {
    socket: PathBuf,
    listener: UnixListener,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    keys: KeyRing,
    host: HostKeys,
    users: BTreeSet<u32>,
    cores: Semaphore,
}

impl Server {
    /// Listens on `socket`. Only processes of this process's own user, of root, and of the `users` named (by number) are answered.
    pub(crate) async fn bind(socket: &Path, keys: KeyRing, host: HostKeys, users: &[u32]) -> Result<Self> {
        let listener = listen(socket).await.with_context(|| format!("cannot listen on {}", socket.display()))?;
        let own = std::fs::metadata(socket)?.uid();
        // Who may talk is decided by who is there (below); the mode only keeps out those who need not knock.
        let mode = if users.is_empty() { 0o600 } else { 0o666 };
        std::fs::set_permissions(socket, Permissions::from_mode(mode))?;
        let users = users.iter().copied().chain([own, 0]).collect();
        let cores = Semaphore::new(cores());
        Ok(Self { socket: socket.to_owned(), listener, shared: Arc::new(Shared { keys, host, users, cores }) })
    }

    /// Serves until `stop` is ready.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            while connections.try_join_next().is_some() {}
            let full = connections.len() >= CONNECTIONS;
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept(), if !full => match accepted {
                    Ok((stream, _)) => { connections.spawn(Arc::clone(&self.shared).connection(stream)); }
                    Err(error) => {
                        tracing::error!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                _ = connections.join_next(), if full => {}
            }
        }
        let _ = std::fs::remove_file(&self.socket);
        drop(self.listener);
        let all = u32::try_from(cores()).unwrap_or(1);
        // A host whose answer is cut off asks again; the same request gives the same bytes.
        let _ = tokio::time::timeout(FAREWELL, self.shared.cores.acquire_many(all)).await;
    }
}

/// A socket file that nobody listens on is left over from a process that died.
async fn listen(socket: &Path) -> Result<UnixListener> {
    match UnixListener::bind(socket) {
        Err(why) if why.kind() == ErrorKind::AddrInUse => {}
        other => return Ok(other?),
    }
    if UnixStream::connect(socket).await.is_ok() {
        bail!("another signer answers there");
    }
    std::fs::remove_file(socket)?;
    Ok(UnixListener::bind(socket)?)
}

impl Shared {
    async fn connection(self: Arc<Self>, mut stream: UnixStream) {
        match stream.peer_cred() {
            Ok(peer) if self.users.contains(&peer.uid()) => {}
            Ok(peer) => return tracing::warn!(user = peer.uid(), "refused a connection: not a user that may ask"),
            Err(error) => return tracing::warn!(%error, "refused a connection: nobody knows whose it is"),
        }
        if let Err(error) = self.converse(&mut stream).await {
            tracing::warn!(%error, "a connection broke off");
        }
    }

    async fn converse(self: &Arc<Self>, stream: &mut UnixStream) -> std::io::Result<()> {
        while let Some(message) = wire::receive(stream).await? {
            let shared = Arc::clone(self);
            let answer = match self.cores.acquire().await {
                Ok(_permit) => tokio::task::spawn_blocking(move || shared.answer(&message)).await,
                Err(_) => return Ok(()),
            };
            wire::send(stream, &answer.map_err(std::io::Error::other)??).await?;
        }
        Ok(())
    }

    fn answer(&self, message: &[u8]) -> std::io::Result<Vec<u8>> {
        wire::frame(&match serde_json::from_slice(message) {
            Ok(Request::Hello { version: wire::VERSION }) => {
                Answer::Hello { vault: hex::encode(*self.host.vault), compiled: hex::encode(*self.host.compiled) }
            }
            Ok(Request::Hello { version }) => {
                Answer::Refused(format!("the host speaks version {version}, this signer {}", wire::VERSION))
            }
            Ok(Request::Generate { id, algorithm }) => match self.keys.generate(id, algorithm) {
                Ok((public, sealed)) => {
                    tracing::info!(key = %id, public, "made a key");
                    Answer::Generated { public, sealed: hex::encode(sealed) }
                }
                Err(why) => Answer::Refused(why),
            },
            Ok(Request::Sign(batch)) => self.sign(&batch),
            Err(why) => Answer::Refused(format!("the request cannot be read: {why}")),
        })
    }

    fn sign(&self, batch: &Batch<'_>) -> Answer<'static> {
        if batch.jobs.len() > wire::MAX_JOBS {
            return Answer::Refused(format!("{} documents at once; at most {}", batch.jobs.len(), wire::MAX_JOBS));
        }
        let Ok(sealed) = hex::decode(&*batch.sealed) else {
            return Answer::KeyRefused("the sealed key is not hexadecimal".to_owned());
        };
        match self.keys.open(batch.id, &batch.public, &sealed) {
            Ok(key) => Answer::Signed(batch.jobs.iter().map(|job| sign_one(&key, job)).collect()),
            Err(SignError::Key(_, why)) => Answer::KeyRefused(why),
            Err(other) => Answer::KeyRefused(other.to_string()),
        }
    }
}

fn sign_one(key: &OpenKey, job: &wire::Job<'_>) -> Outcome<'static> {
    let job = job.as_signing_job();
    let signed = key.sign(&job).and_then(|signed| examine(&signed, &job, key).map(|()| signed));
    match signed.map(String::from_utf8) {
        Ok(Ok(document)) => Outcome::Document(document.into()),
        Ok(Err(why)) => Outcome::Refused(why.to_string()),
        Err(SignError::Document(why)) => Outcome::Refused(why),
        Err(other) => Outcome::Refused(other.to_string()),
    }
}
