//! A store with an organisation and its people, and events and effects of a usual size.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use laurel_core::awards::{NewAward, UnsignedDocument};
use laurel_core::events::{LogEvent, NewEvent};
use laurel_core::id::{
    AchievementId, AwardId, KeyId, OrganisationId, OutboxId, PublicId, RuleId, StatusListId, SubjectId, VersionId,
};
use laurel_core::organisations::{Issuer, Organisation, OrganisationStore, Particulars, StatusEntries, Suite};
use laurel_core::pipeline::{Effects, StateWrite};
use laurel_core::random::Random;
use laurel_core::subjects::{Identifier, SubjectKind, SubjectReference};
use laurel_core::time::{Clock, Timestamp};
use laurel_storage::Database;
use sqlx::{Connection, PgConnection};

/// People whom the events are about.
const PEOPLE: u64 = 5_000;

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the benchmark is its own clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(0))
    }
}

#[derive(Debug)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, reason = "the benchmark makes its own randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("randomness");
    }
}

enum Place {
    Folder(tempfile::TempDir),
    Schema(String, String),
}

pub(crate) struct World {
    pub(crate) store: Database,
    pub(crate) organisation: OrganisationId,
    pub(crate) rule: RuleId,
    place: Place,
    events: AtomicU64,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("laurel.db");
        let store = Database::open_sqlite(&path, Arc::new(SystemClock), Arc::new(SystemRandom)).await.expect("open");
        Self::with(store, Place::Folder(folder)).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let cluster = std::env::var("LAUREL_TEST_POSTGRES").ok()?;
        let schema = format!("bench_{}", PublicId::new(&SystemRandom));
        administer(&cluster, format!("CREATE SCHEMA {schema}")).await;
        let url = in_schema(&cluster, &schema);
        let store = Database::open_postgres(&url, Arc::new(SystemClock), Arc::new(SystemRandom)).await.expect("open");
        Some(Self::with(store, Place::Schema(cluster, schema)).await)
    }

    async fn with(store: Database, place: Place) -> Self {
        store.migrate().await.expect("migrate");
        let organisation = Organisation {
            id: OrganisationId::new(SystemClock.now(), &SystemRandom),
            slug: "bench".to_owned(),
            name: "Bench".to_owned(),
            url: None,
            description: None,
            email: None,
            particulars: Particulars::default(),
            status_entries: StatusEntries::One,
            status_messages: Vec::new(),
            issuer: Issuer::DidKey,
            suite: Suite::EddsaJcs2022,
            created: SystemClock.now(),
        };
        store.insert_organisation(&organisation, None).await.expect("an organisation");
        let rule = RuleId::new(SystemClock.now(), &SystemRandom);
        Self { store, organisation: organisation.id, rule, place, events: AtomicU64::new(0) }
    }

    pub(crate) async fn clear(self) {
        if let Place::Schema(cluster, schema) = &self.place {
            administer(cluster, format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }

    /// The SQLite file, or the URL of the schema.
    pub(crate) fn address(&self) -> String {
        match &self.place {
            Place::Folder(folder) => folder.path().join("laurel.db").display().to_string(),
            Place::Schema(cluster, schema) => in_schema(cluster, schema),
        }
    }

    /// Events of about 600 bytes about somebody.
    pub(crate) fn events(&self, count: usize) -> Vec<NewEvent> {
        (0..count).map(|_| self.event()).collect()
    }

    fn event(&self) -> NewEvent {
        let n = self.events.fetch_add(1, Ordering::Relaxed);
        let whom = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % PEOPLE;
        let account = Identifier::Account { home_page: "https://learn.example.org".to_owned(), name: whom.to_string() };
        NewEvent {
            organisation: self.organisation,
            source: "https://learn.example.org".into(),
            id: format!("01901f2a-{n:016x}"),
            kind: "course.completed".to_owned(),
            time: SystemClock.now(),
            subject: SubjectReference::Identified { kind: SubjectKind::Person, identifiers: vec![account] },
            data: format!(r#"{{"object":{{"id":"course-{}"}},"pad":"{}"}}"#, n % 50, "x".repeat(560)),
            depth: 0,
        }
    }

    /// One award and one state for each event.
    pub(crate) fn effects(&self, events: &[LogEvent]) -> Effects {
        Effects {
            states: events.iter().map(|event| self.state(event)).collect(),
            awards: events.iter().map(|event| self.award(event.subject, &event.id)).collect(),
            ..Effects::default()
        }
    }

    fn state(&self, event: &LogEvent) -> StateWrite {
        StateWrite {
            rule: self.rule,
            subject: event.subject,
            partition: event.partition,
            state: vec![b's'; 120],
            refolded: false,
            seq: event.seq,
            wake: None,
            progress: r#"[{"requirement":"count","current":1,"target":1}]"#.to_owned(),
        }
    }

    fn award(&self, subject: SubjectId, key: &str) -> NewAward {
        let now = SystemClock.now();
        NewAward {
            id: AwardId::new(now, &SystemRandom),
            public_id: PublicId::new(&SystemRandom),
            organisation: self.organisation,
            subject,
            achievement: AchievementId(self.organisation.0),
            version: VersionId(self.organisation.0),
            rule: Some(self.rule),
            key: key.to_owned(),
            awarded: now,
            valid_until: None,
            explanation: r#"{"rule":"…","plugin":"…","settings":"…","events":[1],"fuel":12345}"#.to_owned(),
            document: UnsignedDocument {
                bytes: vec![b'd'; 1950],
                suite: Suite::EddsaJcs2022,
                key: KeyId(self.organisation.0),
                verification_method: "did:key:z6Mk#z6Mk".to_owned(),
                created: now,
                status_list: StatusListId(self.organisation.0),
                status_index: 7,
            },
            outbox: OutboxId::new(now, &SystemRandom),
            depth: 1,
        }
    }
}

fn in_schema(cluster: &str, schema: &str) -> String {
    let separator = if cluster.contains('?') { '&' } else { '?' };
    format!("{cluster}{separator}options=-csearch_path%3D{schema}")
}

async fn administer(cluster: &str, sql: String) {
    let mut connection = PgConnection::connect(cluster).await.expect("the cluster");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("administer");
}
