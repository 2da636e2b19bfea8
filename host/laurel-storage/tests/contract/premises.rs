//! A fresh database of either engine, with a clock and a random source that the test controls.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use laurel_core::random::Random;
use laurel_core::time::{Clock, Timestamp};
use laurel_storage::Database;
use sqlx::{Connection, PgConnection};

/// Declares tests that run on both engines.
macro_rules! contract {
    ($($(#[$meta:meta])* async fn $name:ident($premises:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything that its file imports")]
            use super::*;

            $(#[$meta])*
            async fn check($premises: &crate::premises::Premises) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check(&crate::premises::Premises::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(premises) = crate::premises::Premises::postgres().await {
                    check(&premises).await;
                    premises.clear().await;
                }
            }
        }
    )+};
}

#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Random enough for ids, and different in every test.
#[derive(Debug)]
pub(crate) struct TestRandom(AtomicU64);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut x = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = x.to_le_bytes()[7];
        }
    }
}

enum Place {
    Folder(tempfile::TempDir),
    Schema { cluster: String, schema: String },
}

/// A store, and how to steer what it sees of the world.
pub(crate) struct Premises {
    pub(crate) store: Database,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) random: Arc<TestRandom>,
    place: Place,
}

fn ports() -> (Arc<TestClock>, Arc<TestRandom>) {
    let mut seed = [0; 8];
    #[allow(clippy::disallowed_methods, reason = "a test makes its own randomness")]
    getrandom::fill(&mut seed).unwrap();
    let clock = TestClock(AtomicI64::new(1_700_000_000_000));
    (Arc::new(clock), Arc::new(TestRandom(AtomicU64::new(u64::from_le_bytes(seed)))))
}

impl Premises {
    pub(crate) async fn sqlite() -> Self {
        let (clock, random) = ports();
        let folder = tempfile::tempdir().unwrap();
        let store =
            Database::open_sqlite(&folder.path().join("laurel.db"), clock.clone(), random.clone()).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, clock, random, place: Place::Folder(folder) }
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(cluster) = std::env::var("LAUREL_TEST_POSTGRES") else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "LAUREL_TEST_POSTGRES must be set in CI");
            println!("not run: LAUREL_TEST_POSTGRES is not set");
            return None;
        };
        let (clock, random) = ports();
        let mut name = [0; 8];
        random.fill(&mut name);
        let schema = format!("contract_{:016x}", u64::from_le_bytes(name));
        administer(&cluster, format!("CREATE SCHEMA {schema}")).await;
        let url = in_schema(&cluster, &schema);
        let store = Database::open_postgres(&url, clock.clone(), random.clone()).await.unwrap();
        store.migrate().await.unwrap();
        Some(Self { store, clock, random, place: Place::Schema { cluster, schema } })
    }

    /// The same database, opened by another host.
    pub(crate) async fn another(&self) -> Database {
        match &self.place {
            Place::Folder(_) => self.store.clone(),
            Place::Schema { cluster, schema } => {
                let url = in_schema(cluster, schema);
                Database::open_postgres(&url, self.clock.clone(), self.random.clone()).await.unwrap()
            }
        }
    }

    pub(crate) async fn clear(self) {
        if let Place::Schema { cluster, schema } = &self.place {
            administer(cluster, format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }

    pub(crate) fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path().join("laurel.db")),
            Place::Schema { .. } => None,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass: by the test's clock, and for a database with its own in earnest.
    pub(crate) async fn pass(&self, millis: i64) {
        self.clock.pass(millis);
        if self.file().is_none() {
            tokio::time::sleep(Duration::from_millis(millis.unsigned_abs())).await;
        }
    }

    /// The time by which the log goes.
    pub(crate) fn log_now(&self) -> Timestamp {
        if self.file().is_some() {
            return self.now();
        }
        #[allow(clippy::disallowed_methods, reason = "PostgreSQL goes by the machine's clock, so this test does too")]
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(since.as_millis()).unwrap())
    }
}

fn in_schema(cluster: &str, schema: &str) -> String {
    let separator = if cluster.contains('?') { '&' } else { '?' };
    format!("{cluster}{separator}options=-csearch_path%3D{schema}")
}

async fn administer(cluster: &str, sql: String) {
    let mut connection = PgConnection::connect(cluster).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
