//! Whatever ends a transaction, and whenever the process does: each key is in the log once, and found where it is.

use proptest::prelude::*;
use sqlx::Connection as _;
use std::collections::HashMap;
use std::ops::Range;

use super::*;
use crate::events::{event_key, insert_events};
use laurel_core::id::{OrganisationId, SubjectId};
use laurel_core::time::Timestamp;

/// So few that a handful of transactions begin several.
const SMALL: usize = 8;

/// A unit of work: events by number, and whether it succeeds.
type Unit = (Vec<u16>, bool);

#[derive(Clone, Copy, Debug)]
enum End {
    Committed,
    RolledBack,
    /// The process ends before or after the commit.
    Cut {
        committed: bool,
    },
    /// The commit fails, and nobody knows how far it came.
    Unknown {
        committed: bool,
    },
}

fn transactions() -> impl Strategy<Value = Vec<(Vec<Unit>, End)>> {
    let end = prop_oneof![
        6 => Just(End::Committed),
        1 => Just(End::RolledBack),
        1 => any::<bool>().prop_map(|committed| End::Cut { committed }),
        1 => any::<bool>().prop_map(|committed| End::Unknown { committed }),
    ];
    let unit = (prop::collection::vec(0..400_u16, 0..6), prop::bool::weighted(0.8));
    prop::collection::vec((prop::collection::vec(unit, 1..5), end), 1..60)
}

/// A log that knows no more than its keys, and what it should hold.
struct Log {
    connection: SqliteConnection,
    keys: Keys,
    next: i64,
    committed: HashMap<Uuid, Place>,
    /// With what the transaction under way has added.
    written: HashMap<Uuid, Place>,
}

impl Log {
    async fn open() -> Self {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let schema = include_str!("../../../../../migrations/sqlite/0002_log.sql");
        sqlx::raw_sql(schema).execute(&mut connection).await.unwrap();
        let (committed, written) = (HashMap::new(), HashMap::new());
        Self { connection, keys: Keys::new(SMALL), next: 1, committed, written }
    }

    async fn run(&mut self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.connection).await.unwrap();
    }

    async fn transact(&mut self, units: &[Unit], end: End) {
        self.run("BEGIN").await;
        self.keys.load(&mut self.connection).await.unwrap();
        for (numbers, succeeds) in units {
            self.unit(numbers, *succeeds).await;
        }
        let keeps = match end {
            End::Committed => true,
            End::RolledBack => false,
            End::Cut { committed } | End::Unknown { committed } => committed,
        };
        if keeps {
            self.keys.file(&mut self.connection).await.unwrap();
        }
        self.run(if keeps { "COMMIT" } else { "ROLLBACK" }).await;
        match end {
            End::Committed => self.keys.committed(),
            End::RolledBack => self.keys.rolled_back(),
            End::Cut { .. } => self.keys = Keys::new(SMALL),
            End::Unknown { .. } => self.keys.forget(),
        }
        if keeps {
            self.committed.clone_from(&self.written);
        } else {
            self.written.clone_from(&self.committed);
        }
    }

    /// Commits these events, so many in each transaction.
    async fn commit(&mut self, numbers: Range<u16>, together: usize) {
        for numbers in numbers.collect::<Vec<_>>().chunks(together) {
            self.transact(&[(numbers.to_vec(), true)], End::Committed).await;
        }
    }

    async fn unit(&mut self, numbers: &[u16], succeeds: bool) {
        self.run("SAVEPOINT unit").await;
        let (mark, before) = (self.keys.mark(), self.written.clone());
        for number in numbers {
            self.append(*number).await;
        }
        if !succeeds {
            self.run("ROLLBACK TO unit").await;
            self.keys.back_to(mark);
            self.written = before;
        }
        self.run("RELEASE unit").await;
    }

    /// As the log does it: an event whose key is known is not written.
    async fn append(&mut self, number: u16) {
        let id = number.to_string();
        let key = event_key(OrganisationId(Uuid::nil()), "https://lms.example.org", &id);
        let mut conn = Conn::writer(&mut self.connection, &mut self.keys);
        let found = places(&mut conn, &[key]).await.unwrap();
        assert_eq!(found, Vec::from_iter(self.written.get(&key).copied()), "event {number}");
        if !found.is_empty() {
            return;
        }
        let place = (Partition(i32::from(number % 3)), self.next);
        self.next += 1;
        insert_events(&mut conn, &mut [row(key, place, &id)]).await.unwrap();
        self.written.insert(key, place);
    }

    async fn check(&mut self) {
        let sql = "SELECT key, partition, seq FROM event";
        let rows: Vec<(Uuid, i32, i64)> = sqlx::query_as(sql).fetch_all(&mut self.connection).await.unwrap();
        assert_eq!(rows.len(), self.committed.len(), "an event is there once");
        let keys: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
        self.keys.load(&mut self.connection).await.unwrap();
        let mut conn = Conn::writer(&mut self.connection, &mut self.keys);
        let expected: Vec<Place> = rows.iter().map(|row| (Partition(row.1), row.2)).collect();
        assert_eq!(places(&mut conn, &keys).await.unwrap(), expected);
    }
}

fn row(key: Uuid, place: Place, id: &str) -> NewRow<'_> {
    NewRow {
        partition: place.0,
        seq: place.1,
        key,
        digest: [0; 32],
        organisation: OrganisationId(Uuid::nil()),
        subject: SubjectId(Uuid::nil()),
        source: "https://lms.example.org",
        id,
        kind: "course.completed",
        time: Timestamp(0),
        received: Timestamp(0),
        depth: 0,
        data: "{}",
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_key_is_written_once_and_found(transactions in transactions()) {
        runtime().block_on(async {
            let mut log = Log::open().await;
            for (units, end) in &transactions {
                log.transact(units, *end).await;
            }
            log.check().await;
            log.keys = Keys::new(SMALL);
            log.check().await;
        });
    }
}

/// Keys leave the memory as others come, and little of them stays there.
#[test]
fn generations_are_filed() {
    runtime().block_on(async {
        let mut log = Log::open().await;
        log.commit(0..300, 3).await;
        assert!(log.keys.runs.count() > 20, "{} runs", log.keys.runs.count());
        assert!(log.keys.recent.len() + log.keys.filing.places.len() < 3 * SMALL);
        log.check().await;
    });
}

/// What was written of a run when the process ended is written again, with what came meanwhile.
#[test]
fn a_run_that_was_cut_is_filed_anew() {
    runtime().block_on(async {
        let mut log = Log::open().await;
        log.commit(0..12, 4).await;
        assert!(log.keys.runs.count() == 0 && !log.keys.filing.rest.is_empty());
        let written: i64 =
            sqlx::query_scalar("SELECT count(*) FROM event_key").fetch_one(&mut log.connection).await.unwrap();
        assert!(written > 0);
        log.keys = Keys::new(SMALL);
        log.commit(12..32, 4).await;
        assert!(log.keys.runs.count() > 0);
        log.check().await;
    });
}

/// A block that somebody cut is told, not passed over: its keys would be taken for new.
#[test]
fn a_damaged_block_is_told() {
    runtime().block_on(async {
        let mut log = Log::open().await;
        log.commit(0..60, 3).await;
        log.run("UPDATE event_key SET entries = substr(entries, 2)").await;
        let fault = Keys::new(SMALL).load(&mut log.connection).await.unwrap_err();
        assert!(format!("{fault:?}").contains("event_key.entries"), "{fault:?}");
    });
}
