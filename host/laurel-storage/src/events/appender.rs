//! Group commit on PostgreSQL: two tasks take turns at one queue, so that one gathers while the other waits for its commit.

use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use laurel_core::events::Appended;
use laurel_core::events::Receipt;

use super::{Call, LockOrder, append};
use crate::engine::{Conn, Fault, Ports};

/// A group is closed when it holds so many events.
const EVENTS: usize = 1024;
/// Calls that may wait.
const QUEUE: usize = 16_384;
/// How long a task waits for as many callers as came to its group before.
const PATIENCE: Duration = Duration::from_millis(2);
/// How often a group is tried again after a lost race or a lost connection.
const ATTEMPTS: u32 = 12;
/// So often a group hopes that no merge overtakes it.
const HOPEFUL: u32 = 3;

pub(crate) fn start(pool: &PgPool, ports: &Ports) -> mpsc::Sender<Call> {
    let (calls, waiting) = mpsc::channel(QUEUE);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..2 {
        let task = Appender { pool: pool.clone(), ports: ports.clone(), waiting: waiting.clone(), callers: 1 };
        tokio::spawn(task.work());
    }
    calls
}

struct Appender {
    pool: PgPool,
    ports: Ports,
    waiting: Arc<Mutex<mpsc::Receiver<Call>>>,
    /// Callers in the group before.
    callers: usize,
}

impl Appender {
    async fn work(mut self) {
        while let Some(group) = self.gather().await {
            self.callers = group.len();
            self.settle(group).await;
        }
    }

    async fn gather(&self) -> Option<Vec<Call>> {
        let mut waiting = self.waiting.lock().await;
        let mut group = vec![waiting.recv().await?];
        let mut events = group[0].events.len();
        let patience = Instant::now() + PATIENCE;
        while events < EVENTS {
            let next = if group.len() < self.callers {
                timeout_at(patience, waiting.recv()).await.ok().flatten()
            } else {
                waiting.try_recv().ok()
            };
            let Some(call) = next else { break };
            events += call.events.len();
            group.push(call);
        }
        Some(group)
    }

    /// Answers every call of the group. A caller at fault is answered and left out; a fault that names nobody is answered call by call.
    async fn settle(&self, mut group: Vec<Call>) {
        while !group.is_empty() {
            match self.persist(&group).await {
                Ok(answers) => {
                    group.into_iter().zip(answers).for_each(|(call, answer)| call.answer(Ok(answer)));
                    return;
                }
                Err(Fault::Caller(index, error)) => group.remove(index).answer(Err(Fault::Store(error))),
                Err(fault) if group.len() == 1 => {
                    group.remove(0).answer(Err(fault));
                }
                Err(fault) => {
                    tracing::debug!(?fault, "a group failed: once more, call by call");
                    for call in group.drain(..) {
                        let alone = [call];
                        let answer = self.persist(&alone).await.map(|mut answers| answers.pop().unwrap_or_default());
                        let [call] = alone;
                        call.answer(answer);
                    }
                }
            }
        }
    }

    /// Appends until it is known to be done or impossible.
    async fn persist(&self, group: &[Call]) -> Result<Vec<Vec<Appended>>, Fault> {
        let mut ours = Ours::default();
        let (mut attempt, mut overtaken) = (0, 0);
        loop {
            // Where merges keep overtaking, the locks come first: slower, but nothing can change any more. Not after a race for an
            // identifier: who made it first may still wait for a head.
            let order = if overtaken < HOPEFUL { LockOrder::Last } else { LockOrder::First };
            let fault = match self.attempt(group, order, &mut ours).await {
                Ok(answers) => return Ok(answers),
                Err(fault) => fault,
            };
            attempt += 1;
            overtaken += u32::from(matches!(fault, Fault::Stale));
            let lost_race = fault.is_transient() || fault.is_race();
            if attempt >= ATTEMPTS || !(lost_race || fault.is_unknown()) {
                return Err(fault);
            }
            let pause = if lost_race { u64::from(attempt) } else { 50 * u64::from(attempt) };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn attempt(&self, group: &[Call], order: LockOrder, ours: &mut Ours) -> Result<Vec<Vec<Appended>>, Fault> {
        let calls: Vec<_> = group.iter().map(|call| call.events.as_slice()).collect();
        let mut transaction = self.pool.begin().await?;
        let mut answers = append(&mut Conn::Postgres(&mut transaction), &self.ports, &calls, order).await?;
        ours.recognise(group, &mut answers);
        transaction.commit().await?;
        Ok(answers)
    }
}

/// What our own attempts tried to write. If a commit's answer was lost but the commit happened, the next attempt finds the events in
/// the log, at exactly the places we gave them: they are new all the same.
#[derive(Default)]
struct Ours(HashMap<Uuid, Receipt>);

impl Ours {
    fn recognise(&mut self, group: &[Call], answers: &mut [Vec<Appended>]) {
        let mut written = Vec::new();
        let events = group.iter().flat_map(|call| &call.events);
        for (event, answer) in events.zip(answers.iter_mut().flatten()) {
            match *answer {
                Appended::New(receipt) => written.push((event.key, receipt)),
                // Only the first of two equal events in a batch was new: it takes its place out.
                Appended::Duplicate(receipt) if self.0.get(&event.key) == Some(&receipt) => {
                    self.0.remove(&event.key);
                    *answer = Appended::New(receipt);
                    written.push((event.key, receipt));
                }
                _ => {}
            }
        }
        self.0.extend(written);
    }
}

#[cfg(test)]
mod tests {
    use laurel_core::events::NewEvent;
    use laurel_core::id::{OrganisationId, Partition, SubjectId};
    use laurel_core::subjects::SubjectReference;
    use laurel_core::time::Timestamp;
    use std::sync::Arc;
    use tokio::sync::{Semaphore, oneshot};

    use super::{Appended, Call, Ours, Receipt};
    use crate::events::Incoming;

    fn call(ids: &[&str]) -> Call {
        let event = |id: &&str| NewEvent {
            organisation: OrganisationId(uuid::Uuid::nil()),
            source: "s".into(),
            id: (*id).to_owned(),
            kind: "k".to_owned(),
            time: Timestamp(0),
            subject: SubjectReference::Known(SubjectId(uuid::Uuid::nil())),
            data: "{}".to_owned(),
            depth: 0,
        };
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        Call::new(ids.iter().map(event).map(Incoming::new).collect(), oneshot::channel().0, place)
    }

    #[test]
    fn a_commit_whose_answer_was_lost_is_recognised() {
        let receipt = |seq| Receipt {
            partition: Partition(0),
            seq,
            received: Timestamp(0),
            subject: SubjectId(uuid::Uuid::nil()),
        };
        let (new, again) = (|seq| Appended::New(receipt(seq)), |seq| Appended::Duplicate(receipt(seq)));
        let group = [call(&["1", "1", "2", "3"])];
        let mut ours = Ours::default();
        let mut first = [vec![new(1), again(1), new(2), again(9)]];
        ours.recognise(&group, &mut first);
        assert_eq!(first[0], [new(1), again(1), new(2), again(9)]);
        // It was committed after all; meanwhile somebody else's 2 came first elsewhere.
        for _ in 0..2 {
            let mut second = [vec![again(1), again(1), again(8), again(9)]];
            ours.recognise(&group, &mut second);
            assert_eq!(second[0], [new(1), again(1), again(8), again(9)]);
        }
    }
}
