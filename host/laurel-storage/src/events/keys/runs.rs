//! Keys on disk: a run for each generation, in blocks of neighbouring keys.

use sqlx::SqliteConnection;
use std::collections::HashMap;
use uuid::Uuid;

use laurel_core::id::Partition;
use laurel_core::store::StoreError;

use super::Place;
use super::filter::Filter;
use crate::engine::{Conn, Fault, Rows};

/// Blocks of a run: the first ten bits of a key say which it is in. So a block has about 64 keys, and two of them fill a page.
const BLOCKS: i64 = 1 << PREFIX;
const PREFIX: u32 = 10;
/// Runs under one filter. A key that is in one of them is looked for in all of them: together they are one read of some pages.
const TIER: u16 = 16;

/// Key, partition, sequence number.
const ENTRY: usize = 16 + 4 + 8;
type Entry = [u8; ENTRY];

/// A row of `event_key`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Block {
    /// [`BLOCKS`] times the run, plus the beginning of its keys.
    #[sqlx(rename = "block")]
    pub(super) number: i64,
    /// One entry after the other, in the order of keys.
    pub(super) entries: Vec<u8>,
}

impl Block {
    pub(super) fn keys(&self) -> usize {
        self.entries.len() / ENTRY
    }

    fn entries(&self) -> Result<&[Entry], Fault> {
        match self.entries.as_chunks() {
            (entries, []) => Ok(entries),
            _ => Err(Fault::Store(StoreError::Corrupt {
                what: "event_key.entries",
                why: format!("block {} ends within an entry", self.number),
            })),
        }
    }

    fn find(&self, key: Uuid) -> Result<Option<Place>, Fault> {
        let entries = self.entries()?;
        let found = entries.binary_search_by_key(&key, |entry| decode(entry).0);
        Ok(found.ok().map(|at| decode(&entries[at]).1))
    }
}

fn encode(entries: &mut Vec<u8>, key: Uuid, place: Place) {
    entries.extend_from_slice(key.as_bytes());
    entries.extend_from_slice(&place.0.0.to_be_bytes());
    entries.extend_from_slice(&place.1.to_be_bytes());
}

fn decode(entry: &Entry) -> (Uuid, Place) {
    let (mut key, mut partition, mut seq) = ([0; 16], [0; 4], [0; 8]);
    key.copy_from_slice(&entry[..16]);
    partition.copy_from_slice(&entry[16..20]);
    seq.copy_from_slice(&entry[20..]);
    (Uuid::from_bytes(key), (Partition(i32::from_be_bytes(partition)), i64::from_be_bytes(seq)))
}

/// The number of the block that has a key, if this run has it.
fn number(run: i64, key: Uuid) -> i64 {
    let (high, _) = key.as_u64_pair();
    run * BLOCKS + i64::try_from(high >> (u64::BITS - PREFIX)).unwrap_or(0)
}

/// A generation as blocks of a run, the greatest first.
pub(super) fn blocks(run: i64, places: &HashMap<Uuid, Place>) -> Vec<Block> {
    let mut keys: Vec<Uuid> = places.keys().copied().collect();
    keys.sort_unstable();
    let mut blocks: Vec<Block> = keys
        .chunk_by(|a, b| number(run, *a) == number(run, *b))
        .map(|keys| {
            let mut entries = Vec::with_capacity(keys.len() * ENTRY);
            for key in keys {
                encode(&mut entries, *key, places[key]);
            }
            Block { number: number(run, keys[0]), entries }
        })
        .collect();
    blocks.reverse();
    blocks
}

/// The runs that are complete.
#[derive(Debug)]
pub(super) struct Runs {
    generation: usize,
    count: i64,
    /// One for each tier of [`TIER`] runs; the last tier may not be full yet.
    filters: Vec<Filter>,
}

impl Runs {
    pub(super) fn new(generation: usize) -> Self {
        Self { generation, count: 0, filters: Vec::new() }
    }

    /// Reads the filters' keys.
    pub(super) async fn load(generation: usize, count: i64, connection: &mut SqliteConnection) -> Result<Self, Fault> {
        let mut runs = Self::new(generation);
        let sql = "SELECT block, entries FROM event_key WHERE block >= $1 AND block < $2";
        for run in 0..count {
            let (first, next) = (run * BLOCKS, (run + 1) * BLOCKS);
            let blocks: Vec<Block> = sqlx::query_as(sql).bind(first).bind(next).fetch_all(&mut *connection).await?;
            let entries = blocks.iter().map(Block::entries).collect::<Result<Vec<_>, _>>()?;
            runs.add(entries.into_iter().flatten().map(|entry| decode(entry).0));
        }
        Ok(runs)
    }

    pub(super) fn count(&self) -> i64 {
        self.count
    }

    /// Knows one more run, of these keys.
    pub(super) fn add(&mut self, keys: impl Iterator<Item = Uuid>) {
        if self.count % i64::from(TIER) == 0 {
            self.filters.push(Filter::new(usize::from(TIER) * self.generation));
        }
        if let Some(filter) = self.filters.last_mut() {
            keys.for_each(|key| filter.add(key));
        }
        self.count += 1;
    }

    /// The blocks in which a key may be: for a key that is new, none almost always.
    pub(super) fn candidates(&self, key: Uuid) -> Vec<i64> {
        let tiers = (0..).step_by(TIER.into()).zip(&self.filters).filter(|(_, filter)| filter.may_have(key));
        tiers.flat_map(|(first, _)| (first..self.count).take(TIER.into()).map(|run| number(run, key))).collect()
    }
}

/// Looks for a key in some blocks.
pub(super) async fn find(conn: &mut Conn<'_>, key: Uuid, numbers: &[i64]) -> Result<Option<Place>, Fault> {
    let sql = "SELECT block, entries FROM event_key WHERE block IN ({rows})";
    let blocks: Vec<Block> = Rows::of(numbers).big(|number| *number).all(conn, sql).await?;
    for block in blocks {
        if let Some(place) = block.find(key)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
