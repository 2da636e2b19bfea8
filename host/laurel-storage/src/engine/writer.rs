//! SQLite's one writer: gathers what waits, does it in one transaction, and tells everybody after the commit.
//!
//! Units first run one after the other without savepoints. When one fails, the whole is rolled back and run once more with a savepoint
//! for each, so that a fault hurts only its own unit.

use sqlx::SqliteConnection;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

use super::unit::Job;
use super::{Conn, Fault, Ports, checkpointer};
use crate::events::{Appended, Call, GENERATION, Incoming, Keys, LockOrder, append};

/// A group is closed when it holds so many events …
const EVENTS: usize = 2048;
/// … or so many units.
const UNITS: usize = 64;
/// How long the writer waits for as many callers as came to the group before …
const PATIENCE: Duration = Duration::from_millis(2);
/// … if they were so many: fewer are served sooner than awaited.
const COMPANY: usize = 4;

/// What the writer is asked to do.
pub(crate) enum Order {
    Unit(Box<dyn Job>),
    Append(Call),
    /// Copy what is left of the write-ahead log, before the next transaction.
    Checkpoint,
}

/// `commits` is told of each commit, and closed when the writer ends.
pub(super) fn start(
    connection: SqliteConnection,
    ports: Ports,
    commits: watch::Sender<()>,
    queue: usize,
) -> mpsc::Sender<Order> {
    let (orders, waiting) = mpsc::channel(queue);
    tokio::spawn(Writer { connection, keys: Keys::new(GENERATION), ports, waiting, commits, callers: 1 }.work());
    orders
}

struct Writer {
    connection: SqliteConnection,
    keys: Keys,
    ports: Ports,
    waiting: mpsc::Receiver<Order>,
    commits: watch::Sender<()>,
    /// Callers in the group before.
    callers: usize,
}

/// What one transaction does.
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn Job>>,
    calls: Vec<Call>,
    events: usize,
    /// Whether the write-ahead log is to be copied after it.
    checkpoint: bool,
}

impl Group {
    fn add(&mut self, order: Order) {
        match order {
            Order::Unit(job) => self.jobs.push(job),
            Order::Append(call) => {
                self.events += call.events.len();
                self.calls.push(call);
            }
            Order::Checkpoint => self.checkpoint = true,
        }
    }

    fn is_full(&self) -> bool {
        self.events >= EVENTS || self.jobs.len() >= UNITS
    }

    fn callers(&self) -> usize {
        self.jobs.len() + self.calls.len()
    }
}

type Answers = Vec<Vec<Appended>>;

impl Writer {
    async fn work(mut self) {
        while let Some(group) = self.gather().await {
            let checkpoint = group.checkpoint;
            if group.callers() > 0 {
                self.callers = group.callers();
                self.write(group).await;
                self.commits.send_replace(());
            }
            if checkpoint && let Err(fault) = checkpointer::copy_now(&mut self.connection).await {
                tracing::warn!(?fault, "the rest of the write-ahead log could not be copied: it is tried again");
            }
        }
    }

    /// Everything that waits; and when several came together last time, for a moment also those who are just about to come again.
    async fn gather(&mut self) -> Option<Group> {
        let mut group = Group::default();
        group.add(self.waiting.recv().await?);
        let patience = Instant::now() + PATIENCE;
        while !group.is_full() {
            let next = if self.callers >= COMPANY && group.callers() < self.callers {
                timeout_at(patience, self.waiting.recv()).await.ok().flatten()
            } else {
                self.waiting.try_recv().ok()
            };
            match next {
                Some(order) => group.add(order),
                None => break,
            }
        }
        Some(group)
    }

    async fn write(&mut self, mut group: Group) {
        match self.together(&mut group).await {
            Ok(answers) => {
                group.jobs.into_iter().for_each(|job| job.settle(Ok(())));
                group.calls.into_iter().zip(answers).for_each(|(call, answer)| call.answer(Ok(answer)));
            }
            Err(fault) => {
                tracing::debug!(?fault, "a unit failed: once more, each by itself");
                self.rollback().await;
                self.apart(group).await;
            }
        }
    }

    async fn together(&mut self, group: &mut Group) -> Result<Answers, Fault> {
        self.begin().await?;
        for job in &mut group.jobs {
            if !job.attempt(&mut Conn::writer(&mut self.connection, &mut self.keys)).await {
                return Err(Fault::Stale);
            }
        }
        let calls: Vec<_> = group.calls.iter().map(|call| call.events.as_slice()).collect();
        let answers = self.append(&calls).await?;
        self.commit().await?;
        Ok(answers)
    }

    async fn apart(&mut self, mut group: Group) {
        let mut answers = Vec::new();
        let outcome = self.each(&mut group, &mut answers).await;
        if outcome.is_err() {
            self.rollback().await;
        }
        let committed = outcome.as_ref().copied();
        group.jobs.into_iter().for_each(|job| job.settle(committed));
        let mut answers = answers.into_iter();
        for call in group.calls {
            call.answer(match (committed, answers.next()) {
                (Ok(()), Some(answer)) => answer,
                (Err(fault), _) => Err(fault.repeat()),
                (Ok(()), None) => Err(Fault::Stale),
            });
        }
    }

    async fn each(&mut self, group: &mut Group, answers: &mut Vec<Result<Vec<Appended>, Fault>>) -> Result<(), Fault> {
        self.begin().await?;
        for job in &mut group.jobs {
            let mark = self.save().await?;
            let succeeded = job.attempt(&mut Conn::writer(&mut self.connection, &mut self.keys)).await;
            self.end(mark, succeeded).await?;
        }
        for call in &group.calls {
            let mark = self.save().await?;
            let answer = self.append(&[&call.events]).await;
            self.end(mark, answer.is_ok()).await?;
            answers.push(answer.map(|mut answers| answers.pop().unwrap_or_default()));
        }
        self.commit().await
    }

    async fn append(&mut self, calls: &[&[Incoming]]) -> Result<Answers, Fault> {
        let mut conn = Conn::writer(&mut self.connection, &mut self.keys);
        append(&mut conn, &self.ports, calls, LockOrder::Last).await
    }

    async fn begin(&mut self) -> Result<(), Fault> {
        self.run("BEGIN IMMEDIATE").await?;
        self.keys.load(&mut self.connection).await
    }

    async fn commit(&mut self) -> Result<(), Fault> {
        self.keys.file(&mut self.connection).await?;
        let ended = self.run("COMMIT").await;
        match ended {
            Ok(()) => self.keys.committed(),
            Err(_) => self.keys.forget(),
        }
        ended
    }

    /// Sets a savepoint, and says where it is among the keys.
    async fn save(&mut self) -> Result<usize, Fault> {
        self.run("SAVEPOINT unit").await?;
        Ok(self.keys.mark())
    }

    async fn end(&mut self, mark: usize, succeeded: bool) -> Result<(), Fault> {
        if !succeeded {
            self.run("ROLLBACK TO unit").await?;
            self.keys.back_to(mark);
        }
        self.run("RELEASE unit").await
    }

    /// After some faults (disk full) SQLite has rolled back by itself, and says that there is nothing to roll back.
    async fn rollback(&mut self) {
        if let Err(fault) = self.run("ROLLBACK").await {
            tracing::debug!(?fault, "nothing to roll back");
        }
        self.keys.rolled_back();
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), Fault> {
        sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(())
    }
}
