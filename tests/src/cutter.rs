//! A way to PostgreSQL that breaks: anywhere, and just where it hurts, after the database has committed, before the host hears of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// How PostgreSQL says that a transaction is committed (the tag of `CommandComplete`).
const COMMITTED: &[u8] = b"COMMIT\0";

/// Forwards connections, and cuts them off in place of an answer.
#[derive(Debug)]
pub struct Cutter {
    /// The database's URL, by way of the cutter.
    pub url: String,
    plan: Arc<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    commits: Kind,
    others: Kind,
}

/// Answers of one kind.
#[derive(Debug, Default)]
struct Kind {
    /// Every so manieth is cut off; none when 0.
    every: AtomicUsize,
    seen: AtomicUsize,
    cut: AtomicUsize,
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

    /// From now on cuts off every so manieth commit, and every so manieth other answer; none when 0.
    pub fn cut_every(&self, commits: usize, others: usize) {
        self.plan.commits.every.store(commits, Ordering::Relaxed);
        self.plan.others.every.store(others, Ordering::Relaxed);
    }

    /// How many commits, and how many other answers, were cut off.
    pub fn cuts(&self) -> (usize, usize) {
        (self.plan.commits.cut.load(Ordering::Relaxed), self.plan.others.cut.load(Ordering::Relaxed))
    }
}

impl Plan {
    fn wants(&self, answer: &[u8]) -> bool {
        let commits = answer.windows(COMMITTED.len()).any(|part| part == COMMITTED);
        let kind = if commits { &self.commits } else { &self.others };
        let every = kind.every.load(Ordering::Relaxed);
        let cut = every > 0 && kind.seen.fetch_add(1, Ordering::Relaxed) % every == every - 1;
        kind.cut.fetch_add(usize::from(cut), Ordering::Relaxed);
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
