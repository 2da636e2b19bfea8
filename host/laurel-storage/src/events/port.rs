//! The port.

use async_trait::async_trait;
use std::time::Duration;
use tokio::sync::oneshot;

use laurel_core::events::{
    Advance, AppendError, Appended, Batch, CommitError, Committed, EventLog, Lease, LogEvent, NewEvent, ParkedRule,
    Resumable, StoredProgress, StoredState,
};
use laurel_core::id::{OrganisationId, Partition, RuleId, SubjectId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::pipeline::Effects;
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use super::lease::Claim;
use super::timers::Question;
use super::{Call, Incoming, commit, event_key, history, lease, read, timers};
use crate::Database;
use crate::database::Engine;

#[async_trait]
impl EventLog for Database {
    async fn append(&self, events: Vec<NewEvent>) -> Result<Vec<Appended>, AppendError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let weight: usize = events.iter().map(|event| 1 + event.data.len() / 1024).sum();
        let weight = u32::try_from(weight).map_err(|_| StoreError::Busy)?;
        let place = self.backlog().try_acquire_many_owned(weight).map_err(|_| StoreError::Busy)?;
        let (reply, answer) = oneshot::channel();
        let events = events.into_iter().map(Incoming::new).collect();
        let call = Call::new(events, reply, place);
        match self.engine() {
            Engine::Sqlite(sqlite) => sqlite.append(call)?,
            Engine::Postgres(postgres) => postgres.append(call)?,
        }
        answer.await.map_err(|_| StoreError::Database("the writer has stopped".into()))?
    }

    async fn lease(&self, node: &str, life: i64, ttl: Duration) -> Result<Vec<Lease>, StoreError> {
        let claim = Claim { node: node.to_owned(), life, ttl, ports: self.ports().clone() };
        Ok(self.write(claim, |claim, conn| Box::pin(lease::lease(conn, claim))).await?)
    }

    async fn release(&self, node: &str, life: i64) -> Result<(), StoreError> {
        let whose = (node.to_owned(), life);
        Ok(self.write(whose, |(node, life), conn| Box::pin(lease::release(conn, node, *life))).await?)
    }

    async fn read(&self, leases: &[Lease], max: usize) -> Result<Batch, StoreError> {
        Ok(read::read(&mut self.reader().await?.conn(), leases, max).await?)
    }

    async fn states(&self, rules: &[RuleId], subjects: &[SubjectId]) -> Result<Vec<StoredState>, StoreError> {
        Ok(read::states(&mut self.reader().await?.conn(), rules, subjects).await?)
    }

    async fn progress(&self, subject: SubjectId) -> Result<Vec<StoredProgress>, StoreError> {
        Ok(read::progress(&mut self.reader().await?.conn(), subject).await?)
    }

    async fn commit(&self, advances: &[Advance], effects: Effects) -> Result<Committed, CommitError> {
        let step = (advances.to_vec(), effects);
        Ok(self.write(step, |(advances, effects), conn| Box::pin(commit::commit(conn, advances, effects))).await?)
    }

    async fn due(&self, lease: &Lease, max: usize) -> Result<Option<Vec<StoredState>>, StoreError> {
        let question = Question { lease: *lease, max, ports: self.ports().clone() };
        Ok(self.write(question, |question, conn| Box::pin(timers::due(conn, question))).await?)
    }

    async fn next_wake(&self, partitions: &[Partition]) -> Result<Option<Timestamp>, StoreError> {
        Ok(timers::next_wake(&mut self.reader().await?.conn(), partitions).await?)
    }

    async fn cursor(&self, partition: Partition) -> Result<i64, StoreError> {
        Ok(lease::cursor(&mut self.reader().await?.conn(), partition).await?)
    }

    async fn history(
        &self,
        subjects: &[SubjectId],
        after: Option<(Timestamp, Partition, i64)>,
        max: usize,
    ) -> Result<Vec<LogEvent>, StoreError> {
        Ok(history::history(&mut self.reader().await?.conn(), subjects, after, max).await?)
    }

    async fn event(
        &self,
        organisation: OrganisationId,
        source: &str,
        id: &str,
    ) -> Result<Option<LogEvent>, StoreError> {
        let key = event_key(organisation, source, id);
        Ok(self.write(key, |key, conn| Box::pin(read::event(conn, *key))).await?)
    }

    async fn parked(&self, organisation: OrganisationId, page: PageRequest) -> Result<Page<ParkedRule>, StoreError> {
        Ok(timers::parked(&mut self.reader().await?.conn(), organisation, page).await?)
    }

    async fn resumable(&self, after: Option<(RuleId, SubjectId)>, max: usize) -> Result<Vec<Resumable>, StoreError> {
        Ok(timers::resumable(&mut self.reader().await?.conn(), after, max).await?)
    }

    async fn count_parked(&self) -> Result<u64, StoreError> {
        Ok(timers::count_parked(&mut self.reader().await?.conn()).await?)
    }

    async fn lag(&self) -> Result<u64, StoreError> {
        Ok(lease::lag(&mut self.reader().await?.conn()).await?)
    }
}
