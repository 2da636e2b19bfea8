//! A way to PostgreSQL that breaks just where it hurts: after the database has committed, before the host hears of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// How PostgreSQL says that a transaction is committed (CommandComplete's tag).
const COMMITTED: &[u8] = b"COMMIT\0";

/// Forwards connections, and cuts every so manieth of them off at its commit.
#[derive(Debug)]
pub struct Cutter {
    /// The database's URL, by way of the cutter.
    pub url: String,
    plan: Arc<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    /// Every so manieth commit is cut off; none when 0.
    every: AtomicUsize,
    commits: AtomicUsize,
    cuts: AtomicUsize,
}

impl Cutter {
    /// Listens, and cuts nothing yet.
    pub async fn start(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap();
        let (before, rest) = url.split_once('@').expect("postgres://user:password@address/name");
        let (server, name) = rest.split_once('/').expect("postgres://user:password@address/name");
        let server: SocketAddr = server.parse().unwrap();
        let plan = Arc::new(Plan::default());
        tokio::spawn(accept(listener, server, plan.clone()));
        Self { url: format!("{before}@{own}/{name}"), plan }
    }

    /// From now on cuts every so manieth commit off; none when 0.
    pub fn cut_every(&self, commits: usize) {
        self.plan.every.store(commits, Ordering::Relaxed);
    }

    /// How many were cut off.
    pub fn cuts(&self) -> usize {
        self.plan.cuts.load(Ordering::Relaxed)
    }
}

impl Plan {
    fn wants(&self, answer: &[u8]) -> bool {
        let every = self.every.load(Ordering::Relaxed);
        if every == 0 || !answer.windows(COMMITTED.len()).any(|part| part == COMMITTED) {
            return false;
        }
        let cut = self.commits.fetch_add(1, Ordering::Relaxed) % every == every - 1;
        self.cuts.fetch_add(usize::from(cut), Ordering::Relaxed);
        cut
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, plan: Arc<Plan>) {
    while let Ok((client, _)) = listener.accept().await {
        let plan = plan.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(server).await else { return };
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            // Whichever ends first drops both ways, and so both connections.
            tokio::select! {
                () = forward(from_client, to_server, |_| false) => {}
                () = forward(from_server, to_client, |answer| plan.wants(answer)) => {}
            }
        });
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: impl Fn(&[u8]) -> bool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if cut(&buffer[..read]) || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
