//! The idempotency keys of SQLite's log, known to its one writer.
//!
//! Keys are random. In an index of all of them each new key has a page to itself, and the more keys there are, the more surely so. Here
//! nothing is written at random: the newest keys, a *generation*, are only kept in memory (the rows of the log have them too). A
//! generation later they are *filed* as a *run*: blocks of neighbouring keys, written one after the other and never again
//! ([`runs`]). Most events are new, and a filter in memory knows so without a look into the runs ([`filter`]).
//!
//! A key is known when it is in memory or in a run. Nothing is forgotten in between: a generation leaves the memory when the transaction
//! that filed the last of it is committed, and the same transaction moves `event_key_filed`, behind which the writer reads the log at its
//! start. PostgreSQL, with many writers, has an index.

mod filter;
mod places;
mod runs;
#[cfg(test)]
mod tests;

use sqlx::SqliteConnection;
use std::collections::HashMap;
use uuid::Uuid;

use laurel_core::id::Partition;

use super::NewRow;
use crate::engine::{Conn, Fault, Rows};
pub(crate) use places::places;
use runs::{Block, Runs};

/// Partition and sequence number of an event.
pub(crate) type Place = (Partition, i64);

/// Keys of a generation: two of them are some MiB of memory, and read from the log in a moment.
pub(crate) const GENERATION: usize = 65_536;

/// A key added pays for so many parts of a key filed, each of which costs [`COST`]: a generation is filed before the next is complete.
const PAYS: usize = 5;
const COST: usize = 4;

/// What the writer knows of keys, and what the transaction under way does to it.
#[derive(Debug)]
pub(crate) struct Keys {
    generation: usize,
    /// Whether the log was read.
    is_loaded: bool,
    recent: HashMap<Uuid, Place>,
    filing: Filing,
    runs: Runs,
    /// Keys in `recent` that are not committed, in the order they came.
    added: Vec<Uuid>,
    /// What keys paid for and is not filed yet.
    credit: usize,
    /// What becomes of `filing` with the commit.
    step: Step,
}

/// The generation before `recent`.
#[derive(Debug, Default)]
struct Filing {
    places: HashMap<Uuid, Place>,
    /// What is not written yet, the greatest first: blocks are taken from the end.
    rest: Vec<Block>,
    /// The last event (`event.n`) whose key is here or in a run.
    through: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// Blocks written.
    filed: usize,
    credit: usize,
    /// The last event whose key is in memory, when `recent` is to be filed next.
    through: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Filed {
    runs: i64,
    through: i64,
}

impl Keys {
    pub(crate) fn new(generation: usize) -> Self {
        Self {
            generation,
            is_loaded: false,
            recent: HashMap::new(),
            filing: Filing::default(),
            runs: Runs::new(generation),
            added: Vec::new(),
            credit: 0,
            step: Step::default(),
        }
    }

    /// Reads what is known. To be called at the beginning of a transaction, before anything is written.
    pub(crate) async fn load(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        if self.is_loaded {
            return Ok(());
        }
        let filed: Filed =
            sqlx::query_as("SELECT runs, through FROM event_key_filed").fetch_one(&mut *connection).await?;
        self.runs = Runs::load(self.generation, filed.runs, connection).await?;
        let sql = "SELECT key, partition, seq FROM event WHERE n > $1";
        let rows: Vec<(Uuid, i32, i64)> = sqlx::query_as(sql).bind(filed.through).fetch_all(connection).await?;
        self.recent = rows.into_iter().map(|(key, partition, seq)| (key, (Partition(partition), seq))).collect();
        self.is_loaded = true;
        Ok(())
    }

    /// Knows the events that were just written.
    pub(crate) fn add(&mut self, events: &[NewRow<'_>]) {
        for event in events {
            self.recent.insert(event.key, (event.partition, event.seq));
            self.added.push(event.key);
        }
    }

    /// How many keys the transaction under way has added: where a savepoint is.
    pub(crate) fn mark(&self) -> usize {
        self.added.len()
    }

    /// Forgets what was added behind a savepoint.
    pub(crate) fn back_to(&mut self, mark: usize) {
        for key in self.added.drain(mark..) {
            self.recent.remove(&key);
        }
    }

    /// Files some of the generation before, as the last thing a transaction does.
    pub(crate) async fn file(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        let (blocks, credit) = self.filing.affordable(self.credit + PAYS * self.added.len());
        let is_all = blocks.len() == self.filing.rest.len();
        // After a crash a part of the run may be there already, of a generation that was smaller.
        let sql = "WITH v (block, entries) AS ({rows})
            INSERT INTO event_key (block, entries) SELECT block, entries FROM v WHERE TRUE
            ON CONFLICT (block) DO UPDATE SET entries = excluded.entries";
        let rows = Rows::of(blocks).big(|block| block.number).bytes(|block| &block.entries);
        rows.run(&mut Conn::sqlite(connection), sql).await?;
        if is_all && !blocks.is_empty() {
            let sql = "UPDATE event_key_filed SET runs = runs + 1, through = $1";
            sqlx::query(sql).bind(self.filing.through).execute(&mut *connection).await?;
        }
        let filed = blocks.len();
        let through = if is_all && self.recent.len() >= self.generation {
            Some(sqlx::query_scalar("SELECT max(n) FROM event").fetch_one(connection).await?)
        } else {
            None
        };
        self.step = Step { filed, credit, through };
        Ok(())
    }

    /// The transaction is committed.
    pub(crate) fn committed(&mut self) {
        self.added.clear();
        let step = std::mem::take(&mut self.step);
        self.filing.rest.truncate(self.filing.rest.len() - step.filed);
        self.credit = step.credit;
        if self.filing.rest.is_empty() && !self.filing.places.is_empty() {
            self.runs.add(std::mem::take(&mut self.filing).places.into_keys());
        }
        if let Some(through) = step.through {
            let places = std::mem::take(&mut self.recent);
            self.filing = Filing { rest: runs::blocks(self.runs.count(), &places), places, through };
        }
    }

    /// The transaction is undone.
    pub(crate) fn rolled_back(&mut self) {
        self.back_to(0);
        self.step = Step::default();
    }

    /// Nobody can say how the transaction ended: everything is read again.
    pub(crate) fn forget(&mut self) {
        *self = Self::new(self.generation);
    }

    /// Where the event with this key is, if the key is in memory.
    fn remembered(&self, key: Uuid) -> Option<Place> {
        self.recent.get(&key).or_else(|| self.filing.places.get(&key)).copied()
    }
}

impl Filing {
    /// The next blocks that so much credit pays for, and what is left of it.
    fn affordable(&self, mut credit: usize) -> (&[Block], usize) {
        let mut first = self.rest.len();
        while first > 0 {
            let cost = COST * self.rest[first - 1].keys();
            if cost > credit {
                return (&self.rest[first..], credit);
            }
            credit -= cost;
            first -= 1;
        }
        // Nothing is saved up for the next generation: it begins when this one is complete.
        (&self.rest, 0)
    }
}
