//! Nouns to store.

use laurel_core::achievements::{Achievement, BadgeKind, Text, Version};
use laurel_core::awards::{Authority, NewAward, Standing, UnsignedDocument};
use laurel_core::credentials::{Key, KeyState};
use laurel_core::engagement::NewEngagement;
use laurel_core::events::{Appended, EventLog, NewEvent, Receipt};
use laurel_core::id::{
    AchievementId, AwardId, EngagementId, InstallationId, KeyId, OrganisationId, OutboxId, Partition, PublicId, RuleId,
    StatusListId, SubjectId, VersionId,
};
use laurel_core::organisations::{Issuer, Organisation, OrganisationStore, Particulars, StatusEntries, Suite};
use laurel_core::pipeline::{AwardRef, StandingChange, StateWrite};
use laurel_core::plugins::{Grant, Installation, Manifest, Plugin, PluginDigest, PluginStore};
use laurel_core::rules::{Rule, RuleMode, RuleStore};
use laurel_core::status::{StatusList, StatusStore};
use laurel_core::subjects::{Identifier, Subject, SubjectKind, SubjectReference, SubjectStore};

use crate::premises::Premises;

pub(crate) fn email(address: &str) -> Identifier {
    Identifier::Email { address: address.to_owned() }
}

pub(crate) fn account(name: &str) -> Identifier {
    Identifier::Account { home_page: "https://learn.example.org".to_owned(), name: name.to_owned() }
}

pub(crate) fn person(identifiers: &[Identifier]) -> SubjectReference {
    SubjectReference::Identified { kind: SubjectKind::Person, identifiers: identifiers.to_vec() }
}

pub(crate) fn event(organisation: OrganisationId, id: &str, subject: SubjectReference) -> NewEvent {
    NewEvent {
        organisation,
        source: "https://learn.example.org".into(),
        id: id.to_owned(),
        kind: "course.completed".to_owned(),
        time: laurel_core::time::Timestamp(1_699_999_999_000),
        subject,
        data: format!(r#"{{"object":{{"id":"course-{id}"}}}}"#),
        depth: 0,
    }
}

impl Premises {
    pub(crate) fn id<T>(&self, make: fn(laurel_core::time::Timestamp, &dyn laurel_core::random::Random) -> T) -> T {
        make(self.now(), &*self.random)
    }

    pub(crate) fn outbox_id(&self) -> OutboxId {
        self.id(OutboxId::new)
    }

    pub(crate) fn public_id(&self) -> PublicId {
        PublicId::new(&*self.random)
    }

    pub(crate) fn new_organisation(&self, slug: &str) -> Organisation {
        Organisation {
            id: self.id(OrganisationId::new),
            slug: slug.to_owned(),
            name: "Example Academy".to_owned(),
            url: Some("https://example.org".to_owned()),
            description: None,
            email: None,
            particulars: Particulars { phone: Some("+43 1 2345".to_owned()), ..Particulars::default() },
            status_entries: StatusEntries::One,
            status_messages: Vec::new(),
            issuer: Issuer::DidWeb { domain: "badges.example.org".to_owned(), path: vec!["academy".to_owned()] },
            suite: Suite::EddsaRdfc2022,
            created: self.now(),
        }
    }

    pub(crate) async fn organisation(&self) -> OrganisationId {
        let slug = self.public_id().to_string();
        let organisation = self.new_organisation(&slug);
        self.store.insert_organisation(&organisation, None).await.unwrap();
        organisation.id
    }

    pub(crate) fn new_subject(&self, organisation: OrganisationId) -> Subject {
        let id = self.id(SubjectId::new);
        Subject {
            id,
            public_id: self.public_id(),
            organisation,
            kind: SubjectKind::Person,
            provisional: false,
            name: Some("Ada".to_owned()),
            merged_into: None,
            created: self.now(),
        }
    }

    pub(crate) async fn subject(&self, organisation: OrganisationId, identifiers: &[Identifier]) -> Subject {
        let subject = self.new_subject(organisation);
        self.store.insert_subject(&subject, identifiers).await.unwrap();
        subject
    }

    /// A subject in a partition of one's choice.
    pub(crate) async fn subject_in(&self, organisation: OrganisationId, partition: i32) -> Subject {
        let subject = loop {
            let subject = self.new_subject(organisation);
            if Partition::of(subject.id) == Partition(partition) {
                break subject;
            }
        };
        self.store.insert_subject(&subject, &[]).await.unwrap();
        subject
    }

    pub(crate) async fn append(&self, events: Vec<NewEvent>) -> Vec<Receipt> {
        let appended = self.store.append(events).await.unwrap();
        appended
            .into_iter()
            .map(|appended| match appended {
                Appended::New(receipt) => receipt,
                other => panic!("not new: {other:?}"),
            })
            .collect()
    }

    pub(crate) fn version(&self, number: u32) -> Version {
        let text = Text {
            name: format!("Rust, part {number}"),
            description: "Knows the borrow checker.".to_owned(),
            criteria: "Complete the course.".to_owned(),
            achievement_type: Some("Course".to_owned()),
            tags: vec!["rust".to_owned()],
            valid_months: Some(12),
            ..Text::default()
        };
        Version { id: self.id(VersionId::new), number, text, created: self.now() }
    }

    pub(crate) fn new_achievement(&self, organisation: OrganisationId) -> Achievement {
        Achievement {
            id: self.id(AchievementId::new),
            organisation,
            kind: BadgeKind::Credential,
            created: self.now(),
            archived: None,
            version: self.version(1),
        }
    }

    pub(crate) fn new_plugin(&self, name: &str, version: &str) -> Plugin {
        let mut digest = [0; 32];
        laurel_core::random::Random::fill(&*self.random, &mut digest);
        let manifest = Manifest {
            name: name.to_owned(),
            version: version.to_owned(),
            publisher: "Laurel".to_owned(),
            description: "For a test.".to_owned(),
            interfaces: vec![laurel_core::plugins::Interface::Criteria],
            capabilities: Vec::new(),
            kinds: vec!["*".to_owned()],
            hosts: Vec::new(),
            settings_schema: None,
            fixtures: Vec::new(),
            secrets: Vec::new(),
            limits: laurel_core::plugins::Limits::default(),
        };
        Plugin { digest: PluginDigest(digest), manifest, added: self.now(), broken: None }
    }

    pub(crate) async fn new_installation(&self, organisation: OrganisationId) -> Installation {
        let plugin = self.new_plugin("recipe", "0.1.0");
        self.store.insert_plugin(&plugin, b"\0asm").await.unwrap();
        Installation {
            id: self.id(InstallationId::new),
            organisation,
            plugin: plugin.digest,
            name: "Recipes".to_owned(),
            settings: "{}".to_owned(),
            grant: Grant::default(),
            enabled: true,
            created: self.now(),
        }
    }

    pub(crate) async fn new_rule(&self, organisation: OrganisationId, mode: RuleMode) -> Rule {
        let achievement = self.new_achievement(organisation);
        laurel_core::achievements::AchievementStore::insert_achievement(&self.store, &achievement).await.unwrap();
        let installation = self.new_installation(organisation).await;
        self.store.insert_installation(&installation).await.unwrap();
        Rule {
            id: self.id(RuleId::new),
            organisation,
            achievement: achievement.id,
            installation: installation.id,
            settings: r#"{"count":1}"#.to_owned(),
            requirements: "[]".to_owned(),
            kinds: vec!["course.*".to_owned()],
            mode,
            created: self.now(),
        }
    }

    pub(crate) async fn rule(&self, organisation: OrganisationId) -> RuleId {
        let rule = self.new_rule(organisation, RuleMode::Active).await;
        self.store.insert_rule(&rule).await.unwrap();
        rule.id
    }

    pub(crate) fn new_key(&self, organisation: OrganisationId, state: KeyState) -> Key {
        let id = self.id(KeyId::new);
        Key {
            id,
            organisation,
            public: "z6MkTest".to_owned(),
            sealed: id.0.as_bytes().to_vec(),
            state,
            created: self.now(),
        }
    }

    pub(crate) fn new_status_list(&self, organisation: OrganisationId) -> StatusList {
        StatusList {
            id: self.id(StatusListId::new),
            public_id: self.public_id(),
            organisation,
            entries: StatusEntries::One,
            size: 131_072,
            seed: [7; 32],
            next: 0,
            void: false,
        }
    }

    pub(crate) async fn status_list(&self, organisation: OrganisationId) -> StatusList {
        let list = self.new_status_list(organisation);
        self.store.insert_status_list(&list, self.now()).await.unwrap();
        list
    }

    pub(crate) fn new_award(&self, subject: &Subject, rule: Option<RuleId>, key: &str) -> NewAward {
        NewAward {
            id: self.id(AwardId::new),
            public_id: self.public_id(),
            organisation: subject.organisation,
            subject: subject.id,
            achievement: self.id(AchievementId::new),
            version: self.id(VersionId::new),
            rule,
            key: key.to_owned(),
            awarded: self.now(),
            valid_until: Some(self.now().plus_millis(1000)),
            explanation: r#"{"events":[]}"#.to_owned(),
            document: UnsignedDocument {
                bytes: b"{}\0\xff".to_vec(),
                suite: Suite::EddsaJcs2022,
                key: self.id(KeyId::new),
                verification_method: "did:key:z6Mk#z6Mk".to_owned(),
                created: self.now(),
                status_list: self.id(StatusListId::new),
                status_index: 131_071,
            },
            outbox: self.outbox_id(),
            depth: 1,
        }
    }

    pub(crate) fn new_engagement(&self, subject: &Subject, rule: Option<RuleId>, key: &str) -> NewEngagement {
        NewEngagement {
            id: self.id(EngagementId::new),
            organisation: subject.organisation,
            subject: subject.id,
            achievement: self.id(AchievementId::new),
            version: self.id(VersionId::new),
            rule,
            key: key.to_owned(),
            awarded: self.now(),
            explanation: "{}".to_owned(),
            outbox: self.outbox_id(),
            depth: 1,
        }
    }

    pub(crate) fn change(&self, award: AwardRef, to: Standing) -> StandingChange {
        StandingChange {
            award,
            to,
            by: Authority::Operator,
            successor: None,
            reason: "because".to_owned(),
            at: self.now(),
            outbox: self.outbox_id(),
            depth: 1,
        }
    }

    pub(crate) fn state(&self, rule: RuleId, subject: &Subject, seq: i64) -> StateWrite {
        StateWrite {
            rule,
            subject: subject.id,
            partition: Partition::of(subject.id),
            state: vec![0, 1, 255],
            refolded: false,
            seq,
            wake: None,
            progress: "[]".to_owned(),
        }
    }
}
