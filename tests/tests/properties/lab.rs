//! A pipeline on the bench: everything real but the time, the randomness and the signer.

use async_trait::async_trait;
use laurel_core::House;
use laurel_core::achievements::{Achievement, BadgeKind, Text, Version};
use laurel_core::awards::{Standing, change_standing};
use laurel_core::bell::{Bell, Work};
use laurel_core::credentials::{Key, KeyState, SignError, Signer, SigningJob, Vault, VaultError};
use laurel_core::events::{Lease, NewEvent, OPERATOR_SOURCE, RETRY, StoredState, resume};
use laurel_core::id::{
    AchievementId, AwardId, InstallationId, KeyId, OrganisationId, Partition, Partitions, RuleId, SubjectId, VersionId,
};
use laurel_core::organisations::{Algorithm, Issuer, Organisation, Particulars, StatusEntries, Suite};
use laurel_core::outbox::relay;
use laurel_core::page::PageRequest;
use laurel_core::pipeline::{Effects, StateWrite, Stepped, Worker};
use laurel_core::plugins::{
    Grant, Installation, Outbound, OutboundError, OutboundRequest, OutboundResponse, Plugin, PluginDigest,
};
use laurel_core::random::Random;
use laurel_core::rules::{Rule, RuleMode};
use laurel_core::subjects::{Identifier, Subject, SubjectKind, SubjectReference};
use laurel_core::time::{Clock, Timestamp};
use laurel_openbadges::keys::SigningKey;
use laurel_plugins::{Runtime, Settings};
use laurel_storage::Database;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;

const HOUR: i64 = 3_600_000;
const FORUM: &str = "https://forum.example.org";

/// The rules of the lab: achievement, kind, recipe.
const RULES: [(&str, BadgeKind, &str); 6] = [
    (
        "Helper",
        BadgeKind::Credential,
        r#"{"requirement":{"measure":"count","events":"solution.accepted","retract":"solution.unaccepted","identity":"object.id","at-least":2},"points":{"per":"award","amount":1000}}"#,
    ),
    (
        "Regular",
        BadgeKind::Engagement,
        r#"{"requirement":{"measure":"count","events":"solution.accepted","retract":"solution.unaccepted","at-least":3},"points":{"per":"award","amount":100}}"#,
    ),
    (
        "Streak",
        BadgeKind::Credential,
        r#"{"requirement":{"measure":"count","events":"post.liked","within":{"days":7},"at-least":2},"maintain":"suspend"}"#,
    ),
    (
        "Learner",
        BadgeKind::Engagement,
        r#"{"requirement":{"id":"courses","measure":"count","events":"course.completed","identity":"attributes.n","at-least":1},"points":{"per":"event","of":"courses","amount":5}}"#,
    ),
    (
        "Calm",
        BadgeKind::Credential,
        r#"{"requirement":{"all":[{"measure":"count","events":"course.completed","at-least":1},{"not":{"measure":"count","events":"post.liked","within":{"days":3},"at-least":2}}]},"valid":{"days":9},"renewal":"again"}"#,
    ),
    (
        "Pillar",
        BadgeKind::Credential,
        r#"{"requirement":{"all":[{"held":"{Helper}"},{"measure":"count","events":"post.liked","at-least":2}]},"maintain":"suspend"}"#,
    ),
];

/// What arrives from outside.
pub(crate) const OUTSIDE: [&str; 4] = ["solution.accepted", "solution.unaccepted", "post.liked", "course.completed"];

/// The rule that folds award events. They enter the log when they are relayed, so their times are not the story's; and of an award that a
/// merge takes back, the log still says that it was given. So what this rule awards is maintained: what counts is how things stand now.
pub(crate) const FOLLOWS_AWARDS: &str = "Pillar";

/// Something that is told so many hours after the last, and so many hours late.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) account: u8,
    pub(crate) kind: &'static str,
    pub(crate) object: u8,
    pub(crate) hours: u32,
    pub(crate) late: u32,
}

/// How things stand: what is held, the points, and the rules' states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) held: BTreeSet<(String, String, &'static str)>,
    /// When each was given.
    pub(crate) given: BTreeSet<(String, String, i64)>,
    pub(crate) points: i64,
    pub(crate) states: BTreeMap<String, (Option<Vec<u8>>, Option<i64>)>,
}

/// A lab with its own database.
pub(crate) struct Lab {
    house: House,
    clock: Arc<Hand>,
    organisation: OrganisationId,
    achievements: BTreeMap<AchievementId, &'static str>,
    rules: Vec<(RuleId, &'static str)>,
    leases: Vec<Lease>,
    happened: u32,
    _folder: TempDir,
}

impl Lab {
    /// `one`: both accounts lead to one subject from the start.
    pub(crate) async fn new(one: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(1_772_000_000_000)));
        let random = Arc::new(Dice(AtomicU64::new(1)));
        let store = Database::open_sqlite(&folder.path().join("lab.db"), clock.clone(), random.clone()).await.unwrap();
        store.migrate().await.unwrap();
        let house = House {
            store: Arc::new(store),
            clock: clock.clone(),
            random,
            sandbox: runtime().await.0.clone(),
            signer: Arc::new(Absent),
            vault: Arc::new(Absent),
            bell: Arc::new(Absent),
            tray: Arc::default(),
            contexts: laurel_openbadges::contexts::Contexts::bundled(),
            base_url: "https://badges.example.org".into(),
            status_list_size: *laurel_core::status::SIZES.start(),
        };
        let leases = house.store.lease("lab", 1, Duration::from_secs(1 << 30)).await.unwrap();
        let organisation = OrganisationId::new(clock.now(), house.random.as_ref());
        let (achievements, rules) = (BTreeMap::new(), Vec::new());
        let mut lab = Self { house, clock, organisation, achievements, rules, leases, happened: 0, _folder: folder };
        lab.found().await;
        if one {
            let id = SubjectId::new(lab.house.clock.now(), lab.house.random.as_ref());
            let subject = Subject {
                provisional: false,
                name: None,
                merged_into: None,
                created: lab.house.clock.now(),
                ..subject(id, lab.organisation, &lab.house)
            };
            lab.house.store.insert_subject(&subject, &[account(0), account(1)]).await.unwrap();
        }
        lab
    }

    async fn found(&mut self) {
        let (now, random) = (self.house.clock.now(), self.house.random.clone());
        let organisation = Organisation {
            id: self.organisation,
            slug: "acme".into(),
            name: "Acme".into(),
            url: None,
            description: None,
            email: None,
            particulars: Particulars::default(),
            status_entries: StatusEntries::One,
            status_messages: Vec::new(),
            issuer: Issuer::DidKey,
            suite: Suite::EddsaJcs2022,
            created: now,
        };
        self.house.store.insert_organisation(&organisation, None).await.unwrap();
        let key = Key {
            id: KeyId::new(now, random.as_ref()),
            organisation: self.organisation,
            public: SigningKey::from_seed(&[7; 32]).multikey().to_string(),
            sealed: Vec::new(),
            state: KeyState::Active,
            created: now,
        };
        self.house.store.insert_key(&key).await.unwrap();
        let installation = self.install().await;
        for (name, kind, settings) in RULES {
            self.rule(installation, name, kind, settings).await;
        }
    }

    async fn install(&self) -> InstallationId {
        let now = self.house.clock.now();
        let (_, digest, component) = runtime().await;
        let (_, manifest) = self.house.sandbox.load(component).await.unwrap();
        let plugin = Plugin { digest: *digest, manifest, added: now, broken: None };
        self.house.store.insert_plugin(&plugin, component).await.unwrap();
        let installation = Installation {
            id: InstallationId::new(now, self.house.random.as_ref()),
            organisation: self.organisation,
            plugin: *digest,
            name: "recipe".into(),
            settings: "{}".into(),
            grant: Grant::default(),
            enabled: true,
            created: now,
        };
        self.house.store.insert_installation(&installation).await.unwrap();
        installation.id
    }

    async fn rule(&mut self, installation: InstallationId, name: &'static str, kind: BadgeKind, settings: &str) {
        let (now, random) = (self.house.clock.now(), self.house.random.clone());
        let text = Text { name: name.into(), description: name.into(), criteria: name.into(), ..Text::default() };
        let version = Version { id: VersionId::new(now, random.as_ref()), number: 1, text, created: now };
        let id = AchievementId::new(now, random.as_ref());
        let achievement =
            Achievement { id, organisation: self.organisation, kind, created: now, archived: None, version };
        self.house.store.insert_achievement(&achievement).await.unwrap();
        let helper = self.achievements.iter().find(|(_, name)| **name == "Helper").map(|(id, _)| id.to_string());
        let settings = settings.replace("{Helper}", &helper.unwrap_or_default());
        let checked = self.house.sandbox.check(runtime().await.1, &settings).unwrap();
        assert!(checked.is_ok(), "{name}: {checked:?}");
        let rule = Rule {
            id: RuleId::new(now, random.as_ref()),
            organisation: self.organisation,
            achievement: id,
            installation,
            settings,
            requirements: "[]".into(),
            kinds: if name == FOLLOWS_AWARDS { vec!["*".into()] } else { OUTSIDE.map(str::to_owned).into() },
            mode: RuleMode::Active,
            created: now,
        };
        self.house.store.insert_rule(&rule).await.unwrap();
        self.achievements.insert(id, name);
        self.rules.push((rule.id, name));
    }

    /// Time goes on, and something arrives.
    pub(crate) async fn happens(&mut self, happening: &Happening) {
        self.clock.0.fetch_add(i64::from(happening.hours) * HOUR + 1, Ordering::Relaxed);
        self.happened += 1;
        let object = format!("{FORUM}/p/{}", happening.object);
        let reference =
            SubjectReference::Identified { kind: SubjectKind::Person, identifiers: vec![account(happening.account)] };
        let data = format!(r#"{{"object":{{"type":"post","id":"{object}"}},"attributes":{{"n":{}}}}}"#, self.happened);
        let time = self.house.clock.now().plus_millis(-i64::from(happening.late) * HOUR);
        self.append(NewEvent { time, ..self.event(FORUM, self.happened.to_string(), happening.kind, reference, data) })
            .await;
    }

    fn event(&self, source: &str, id: String, kind: &str, subject: SubjectReference, data: String) -> NewEvent {
        NewEvent {
            organisation: self.organisation,
            source: source.into(),
            id,
            kind: kind.into(),
            time: self.house.clock.now(),
            subject,
            data,
            depth: 0,
        }
    }

    async fn append(&self, event: NewEvent) {
        self.house.store.append(vec![event]).await.unwrap();
    }

    /// Folds and relays until nothing is left, so many events a step.
    pub(crate) async fn fold(&mut self, step: usize) {
        let mut worker = Worker::new(self.house.clone(), step);
        loop {
            let mut stepped = worker.step(&mut self.leases).await.unwrap();
            if stepped.events == 0 {
                stepped = Stepped { waiting: stepped.waiting, ..worker.wake(&mut self.leases).await.unwrap() };
            }
            let relayed = relay(&self.house, Partitions::ALL, 100).await.unwrap();
            if stepped.events == 0 && relayed == 0 && !stepped.waiting {
                return;
            }
        }
    }

    /// Five quiet weeks, a day at a time.
    pub(crate) async fn weeks_pass(&mut self, step: usize) {
        for _ in 0..35 {
            self.fold(step).await;
            self.clock.0.fetch_add(24 * HOUR, Ordering::Relaxed);
        }
        self.fold(step).await;
    }

    /// The two accounts are found to be one person's.
    pub(crate) async fn merge(&mut self) {
        self.clock.0.fetch_add(1, Ordering::Relaxed);
        let mut found = Vec::new();
        for number in 0..2 {
            let store = &self.house.store;
            if let Some(subject) = store.subject_by_identifier(self.organisation, &account(number)).await.unwrap() {
                found.push(subject.id);
            } else {
                let id = SubjectId::new(self.house.clock.now(), self.house.random.as_ref());
                let subject = subject(id, self.organisation, &self.house);
                store.insert_subject(&subject, &[account(number)]).await.unwrap();
                found.push(id);
            }
        }
        self.house.store.merge_subjects(found[0], found[1]).await.unwrap();
    }

    /// An operator suspends whatever anybody holds; gives what.
    pub(crate) async fn operator_suspends(&self) -> Vec<AwardId> {
        let awards = self.house.store.awards(self.organisation, PageRequest::default()).await.unwrap().items;
        let active = awards.into_iter().filter(|award| award.standing == Standing::Active);
        let mut suspended = Vec::new();
        for award in active {
            let (organisation, to) = (self.organisation, Standing::Suspended);
            change_standing(&self.house, organisation, award.id, to, "Under investigation.").await.unwrap();
            suspended.push(award.id);
        }
        suspended
    }

    /// How an award stands.
    pub(crate) async fn standing(&self, id: AwardId) -> Standing {
        self.house.store.award(id).await.unwrap().unwrap().standing
    }

    /// Every rule folds everybody from the beginning.
    pub(crate) async fn refold_everything(&mut self) {
        let Some(subject) = self.subject().await else { return };
        for (rule, _) in self.rules.clone() {
            let data = format!(r#"{{"rule":"{rule}"}}"#);
            let subject = SubjectReference::Known(subject);
            self.append(self.event(OPERATOR_SOURCE, rule.to_string(), RETRY, subject, data)).await;
        }
        self.fold(100).await;
    }

    /// The plugin is replaced while a step of the one before is under way: its states are written after those of all others were parked.
    pub(crate) async fn another_plugin_writes(&mut self) {
        let Some(subject) = self.subject().await else { return };
        let rules: Vec<RuleId> = self.rules.iter().map(|(rule, _)| *rule).collect();
        let states = self.house.store.states(&rules, &[subject]).await.unwrap();
        let foreign = |stored: StoredState| StateWrite {
            rule: stored.rule,
            subject,
            partition: Partition::of(subject),
            state: b"of another plugin".to_vec(),
            refolded: false,
            seq: stored.seq,
            wake: stored.wake,
            progress: "[]".to_owned(),
        };
        let states = states.into_iter().map(foreign).collect();
        self.house.store.commit(&[], Effects { states, ..Effects::default() }).await.unwrap();
    }

    /// What is parked without a reason of its own goes on. Gives how many pairs that were.
    pub(crate) async fn resume(&self) -> usize {
        resume(&self.house).await.unwrap()
    }

    async fn subject(&self) -> Option<SubjectId> {
        let found = self.house.store.subject_by_identifier(self.organisation, &account(0)).await.unwrap();
        found.map(|subject| subject.id)
    }

    /// How things stand for the person.
    pub(crate) async fn stand(&self) -> Stand {
        let store = &self.house.store;
        let (held, given) = (BTreeSet::new(), BTreeSet::new());
        let mut stand = Stand { held, given, points: 0, states: BTreeMap::new() };
        let Some(subject) = self.subject().await else { return stand };
        let family = store.subject_family(subject).await.unwrap();
        let awards = store.awards_of(&family).await.unwrap();
        let badges = store.engagement_of(&family).await.unwrap();
        let held = awards.into_iter().map(|award| (award.achievement, award.key, award.awarded, award.standing));
        let badges = badges.into_iter().map(|badge| (badge.achievement, badge.key, badge.awarded, badge.standing));
        for (achievement, key, awarded, standing) in held.chain(badges) {
            if standing != Standing::Active {
                continue;
            }
            let name = self.achievements[&achievement].to_owned();
            if name != FOLLOWS_AWARDS {
                stand.given.insert((name.clone(), key.clone(), awarded.0));
            }
            let held = (name, key, standing.as_str());
            assert!(stand.held.insert(held.clone()), "twice: {held:?}");
        }
        stand.points = store.points_total(&family).await.unwrap();
        let rules: Vec<RuleId> = self.rules.iter().map(|(rule, _)| *rule).collect();
        for state in store.states(&rules, &[subject]).await.unwrap() {
            assert_eq!(state.blocked_from, None, "nothing is parked here");
            let name = self.rules.iter().find(|(rule, _)| *rule == state.rule).unwrap().1;
            if name == FOLLOWS_AWARDS {
                continue;
            }
            stand.states.insert(name.to_owned(), (state.state, state.wake.map(|wake| wake.0)));
        }
        stand
    }
}

fn subject(id: SubjectId, organisation: OrganisationId, house: &House) -> Subject {
    laurel_core::subjects::Subject {
        id,
        public_id: laurel_core::id::PublicId::new(house.random.as_ref()),
        organisation,
        kind: SubjectKind::Person,
        provisional: false,
        name: None,
        merged_into: None,
        created: house.clock.now(),
    }
}

fn account(number: u8) -> Identifier {
    Identifier::Account { home_page: FORUM.into(), name: number.to_string() }
}

/// The real sandbox with the real recipe plugin, once for all labs.
async fn runtime() -> &'static (Arc<Runtime>, PluginDigest, Vec<u8>) {
    static RUNTIME: OnceLock<(Arc<Runtime>, PluginDigest, Vec<u8>)> = OnceLock::new();
    if RUNTIME.get().is_none() {
        let runtime = Arc::new(Runtime::new(Settings::default(), Arc::new(Absent)).unwrap());
        let component = laurel_tests::host::plugin("recipe");
        let (digest, _) = laurel_core::plugins::Sandbox::load(runtime.as_ref(), &component).await.unwrap();
        let _ = RUNTIME.set((runtime, digest, component));
    }
    RUNTIME.get().unwrap()
}

/// A clock that is set by hand.
#[derive(Debug)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Reproducible randomness.
#[derive(Debug)]
struct Dice(AtomicU64);

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Nobody signs here and nobody waits for a bell.
#[derive(Debug)]
struct Absent;

#[async_trait]
impl Signer for Absent {
    async fn sign(&self, _: &Key, _: &[SigningJob<'_>]) -> Result<Vec<Result<Vec<u8>, SignError>>, SignError> {
        Err(SignError::Unavailable("not in the lab".into()))
    }
    async fn generate(&self, _: KeyId, _: Algorithm) -> Result<(String, Vec<u8>), SignError> {
        Err(SignError::Unavailable("not in the lab".into()))
    }
}

impl Vault for Absent {
    fn seal(&self, _: &str, plain: &[u8]) -> Vec<u8> {
        plain.to_vec()
    }
    fn open(&self, _: &str, _: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, VaultError> {
        Err(VaultError)
    }
}

#[async_trait]
impl Outbound for Absent {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        Err(OutboundError::NotAllowed(request.url))
    }
}

impl Bell for Absent {
    fn ring(&self, _: Work) {}
}
