//! Every page with ordinary and with hostile words. With `LAUREL_PAGES_OUT` set, they are written there, laid out so that any static
//! file server shows them.

use askama::Template;
use laurel_core::achievements::{Achievement, Alignment, BadgeKind, Described, Face, Level, Shape, Text, Version};
use laurel_core::awards::{Authority, Award, Standing};
use laurel_core::credentials::{Shown, Summary, Verified};
use laurel_core::engagement::Engagement;
use laurel_core::id::{
    AchievementId, AwardId, EngagementId, IssuedId, OrganisationId, PublicId, StatusListId, SubjectId, VersionId,
};
use laurel_core::issued::{Issued, IssuedKind, ShownIssued, Spoken};
use laurel_core::organisations::{Issuer, Organisation, Particulars, StatusEntries, Suite};
use laurel_core::plugins::Requirement;
use laurel_core::subjects::{Shelf, Subject, SubjectKind};
use laurel_core::time::Timestamp;
use laurel_openbadges::verify::{Check, CheckId, Material, Outcome, Report, Verdict, Verifier};
use std::path::Path;
use uuid::Uuid;

use super::card::{self, Card};
use super::dates::Day;
use super::emblem::{self, EmblemFace};
use super::png::Painter;
use super::status::Status;
use super::verify::VerifyPage;
use super::{achievement, assets, credential, credential_view, earner, frame, front, issued, verify_view};

const BASE: &str = "http://127.0.0.1:8099";

/// Markup, direction tricks, a word without end, and signs beyond the plane.
const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \u{202E}evil\u{2066} 👩‍👩‍👧‍👦🎓";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    time("2026-11-22T01:00:00Z")
}

fn organisation(name: &str) -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::nil()),
        slug: "northwind".into(),
        name: name.into(),
        url: Some("https://northwind.example".into()),
        description: None,
        email: None,
        particulars: Particulars::default(),
        status_entries: StatusEntries::One,
        status_messages: Vec::new(),
        issuer: Issuer::DidKey,
        suite: Suite::EddsaRdfc2022,
        created: now(),
    }
}

const CRITERIA: &str = "Earners have to\n\n1. complete the course *Handling difficult cases*,\n2. pass the practical exam with **at least 80 %**,\n3. have five answers accepted in the community within a year.\n\nThe exam is supervised; it may be taken [twice a year](https://northwind.example/exam).";

fn text(name: &str, face: Face) -> Text {
    Text {
        name: name.into(),
        description: "Resolves difficult support cases on their own, teaches others how, and keeps customers calm while doing so.".into(),
        criteria: CRITERIA.into(),
        achievement_type: Some("Certification".into()),
        tags: vec!["support".into(), "customer education".into()],
        alignments: vec![Alignment {
            name: "Respond to customers' inquiries".into(),
            url: "http://data.europa.eu/esco/skill/89486b34".into(),
            framework: Some("ESCO".into()),
            code: Some("S1.8.2".into()),
            ..Alignment::default()
        }],
        face,
        valid_months: Some(24),
        ..Text::default()
    }
}

fn looks(shape: Shape, level: Level) -> Face {
    Face {
        shape,
        level,
        program: Some("Customer Education".into()),
        family: Some("Support".into()),
        role: Some("Support engineer".into()),
    }
}

fn achievement_of(kind: BadgeKind, id: u128, text: Text) -> Achievement {
    let version =
        Version { id: VersionId(Uuid::from_u128(id)), number: 2, text, created: time("2026-01-12T08:00:00Z") };
    let id = AchievementId(Uuid::from_u128(id));
    Achievement { id, organisation: OrganisationId(Uuid::nil()), kind, created: now(), archived: None, version }
}

fn award(id: u128, achievement: &Achievement, standing: Standing) -> Award {
    Award {
        id: AwardId(Uuid::from_u128(id)),
        public_id: PublicId(Uuid::from_u128(id)),
        organisation: OrganisationId(Uuid::nil()),
        subject: SubjectId(Uuid::nil()),
        achievement: achievement.id,
        version: achievement.version.id,
        rule: None,
        key: String::new(),
        awarded: time("2026-03-01T09:30:00Z"),
        valid_until: Some(time("2028-03-01T09:30:00Z")),
        standing,
        reason: (standing != Standing::Active).then(|| "The exam's results were withdrawn.".into()),
        changed: (standing != Standing::Active).then(|| time("2026-05-04T00:00:00Z")),
        changed_by: (standing != Standing::Active).then_some(Authority::Operator),
        explanation: "{}".into(),
        status_list: StatusListId(Uuid::nil()),
        status_index: 0,
        successor: None,
        signed: true,
    }
}

fn shown(id: u128, name: &str, looks: Face, standing: Standing) -> Shown {
    let achievement = achievement_of(BadgeKind::Credential, id, text(name, looks));
    let document = serde_json::json!({
        "credentialSubject": {
            "narrative": "Scored **92 %** in the practical exam.",
            "creditsEarned": 3.5, "term": "Spring 2026",
            "result": [{"type": ["Result"], "resultDescription": "#exam", "value": "92"}],
            "achievement": {"resultDescription": [{"id": "#exam", "name": "Practical exam", "resultType": "Percent", "requiredValue": "80"}]},
        },
        "evidence": [
            {"id": "https://northwind.example/exam/4711", "type": ["Evidence"], "name": "Practical exam", "description": "Supervised, 90 minutes."},
            {"type": ["Evidence"], "narrative": "Seven accepted answers between January and March.", "name": "Community answers"},
        ],
    });
    Shown {
        award: award(id, &achievement, standing),
        achievement,
        organisation: organisation("Northwind Academy"),
        earner: Some("Ada Lovelace".into()),
        messages: Vec::new(),
        successor: None,
        key_lost: false,
        endorsements: vec![Spoken { by: HOSTILE.into(), id: Some("javascript:alert(1)".into()) }],
        document: Some(document.to_string().into_bytes()),
    }
}

fn hostile() -> Shown {
    let long = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(7);
    let mut shown = shown(0xbad, HOSTILE, looks(Shape::Star, Level::Advanced), Standing::Revoked);
    shown.earner = Some(format!("{HOSTILE} مرحبا بالعالم"));
    shown.organisation.name = long.clone();
    shown.organisation.url = Some("javascript:alert(1)".into());
    shown.award.reason = Some(HOSTILE.repeat(3));
    shown.messages = vec![HOSTILE.into(), long.clone()];
    let text = &mut shown.achievement.version.text;
    text.description = format!("{long} {HOSTILE}");
    text.criteria = format!(
        "# {HOSTILE}\n\n[click](javascript:alert(1)) ![x](https://evil.example/t.png) <style>*{{display:none}}</style>\n\n{long}"
    );
    text.tags = vec![HOSTILE.into(), long.clone()];
    text.alignments[0].name = HOSTILE.into();
    text.alignments[0].url = "data:text/html,<script>alert(1)</script>".into();
    text.face.program = Some(long);
    let evidence =
        serde_json::json!({"evidence": [{"id": "javascript:alert(1)", "name": HOSTILE, "narrative": HOSTILE}]});
    shown.document = Some(evidence.to_string().into_bytes());
    shown
}

fn credential_page(shown: &Shown) -> String {
    credential_view::view(shown, BASE, now()).render().unwrap()
}

fn expired() -> Shown {
    let mut shown = shown(5, "Safety at High Voltage", looks(Shape::Shield, Level::Expert), Standing::Active);
    shown.award.valid_until = Some(time("2026-06-01T00:00:00Z"));
    shown
}

fn all_shown() -> Vec<(&'static str, Shown)> {
    vec![
        ("valid", shown(1, "Certified Support Engineer", looks(Shape::Circle, Level::Foundation), Standing::Active)),
        (
            "revoked",
            shown(2, "Partner Sales Professional", looks(Shape::Hexagon, Level::Intermediate), Standing::Revoked),
        ),
        ("suspended", shown(3, "Community Champion", looks(Shape::Star, Level::Advanced), Standing::Suspended)),
        ("gold", shown(4, "Gold Partner", looks(Shape::Diamond, Level::Expert), Standing::Active)),
        ("expired", expired()),
        (
            "ribbon",
            shown(
                6,
                "Data Protection Essentials for Everyone Who Handles Customer Records",
                looks(Shape::Ribbon, Level::Intermediate),
                Standing::Active,
            ),
        ),
        ("hostile", hostile()),
    ]
}

fn engagement() -> Vec<(Engagement, Achievement)> {
    let shapes = [Shape::Circle, Shape::Star, Shape::Hexagon, Shape::Ribbon, Shape::Shield, Shape::Diamond];
    let levels = [Level::Foundation, Level::Intermediate, Level::Advanced, Level::Expert];
    let names = ["First answer", "Ten likes", "Early bird", "Welcome!", "Bug hunter", "Streak of 30 days"];
    let each = |((id, name), (shape, level))| {
        let face = Face { role: None, ..looks(shape, level) };
        let achievement = achievement_of(BadgeKind::Engagement, id, text(name, face));
        let badge = Engagement {
            id: EngagementId(Uuid::from_u128(id)),
            organisation: OrganisationId(Uuid::nil()),
            subject: SubjectId(Uuid::nil()),
            achievement: achievement.id,
            version: achievement.version.id,
            rule: None,
            key: String::new(),
            awarded: now(),
            standing: Standing::Active,
            changed_by: None,
            explanation: "{}".into(),
        };
        (badge, achievement)
    };
    (100_u128..).zip(names).zip(shapes.into_iter().zip(levels.into_iter().cycle())).map(each).collect()
}

fn shelf(credentials: Vec<(Award, Achievement)>, engagement: Vec<(Engagement, Achievement)>, name: &str) -> Shelf {
    let subject = Subject {
        id: SubjectId(Uuid::nil()),
        public_id: PublicId(Uuid::nil()),
        organisation: OrganisationId(Uuid::nil()),
        kind: SubjectKind::Person,
        provisional: false,
        name: Some(name.into()),
        merged_into: None,
        created: now(),
    };
    Shelf { subject, organisation: organisation("Northwind Academy"), credentials, engagement, points: 1_240 }
}

fn described(achievement: Achievement) -> Described {
    let way = |texts: &[&str]| {
        texts.iter().map(|text| Requirement { id: String::new(), text: (*text).to_owned() }).collect::<Vec<_>>()
    };
    let ways = vec![way(&["Complete “Handling difficult cases”", "Pass the exam with at least 80 %"])];
    Described {
        versions: vec![achievement.version.clone()],
        achievement,
        organisation: organisation("Northwind Academy"),
        ways,
        endorsements: Vec::new(),
    }
}

/// An endorsement and a record, the one with hostile words.
fn all_issued() -> Vec<(&'static str, ShownIssued)> {
    let shown = |kind, revoked, document: serde_json::Value| ShownIssued {
        issued: Issued {
            id: IssuedId(Uuid::nil()),
            public_id: PublicId(Uuid::from_u128(7)),
            organisation: OrganisationId(Uuid::nil()),
            kind,
            about: "did:web:acme.example".into(),
            name: HOSTILE.into(),
            valid_until: None,
            created: now(),
        },
        organisation: organisation("Northwind Academy"),
        revoked,
        key_lost: false,
        document: document.to_string().into_bytes(),
    };
    let comment = serde_json::json!({"credentialSubject": {"endorsementComment": HOSTILE}});
    let badge =
        serde_json::json!({"id": "javascript:alert(1)", "name": HOSTILE, "awardedDate": "2026-03-01T09:30:00Z"});
    let record = serde_json::json!({"partial": true, "credentialSubject": {"verifiableCredential": [badge]}});
    vec![
        ("endorsement", shown(IssuedKind::Endorsement, true, comment)),
        ("record", shown(IssuedKind::Record, false, record)),
    ]
}

fn verified(verdict: Verdict, changed: bool) -> Verified {
    let messages = [
        (CheckId::Parse, "The document is well-formed JSON."),
        (CheckId::Schema, "It has everything an Open Badges 3.0 credential must have."),
        (CheckId::Proof, "The signature (eddsa-rdfc-2022) fits the document and the key."),
        (CheckId::Dates, "It is valid from 1 March 2026 to 1 March 2028."),
        (CheckId::Status, "The status list was fetched; the credential is neither revoked nor suspended."),
        (CheckId::Issuer, "The key is listed by did:web:badges.example.org."),
    ];
    let check = |(id, message): (CheckId, &str)| {
        let outcome = if changed && id == CheckId::Proof { Outcome::Fail } else { Outcome::Pass };
        Check { id, outcome, message: message.into() }
    };
    // A report cannot be built by hand; a verification of nothing gives one to fill in.
    let mut report: Report =
        Verifier::new(laurel_openbadges::Timestamp::from_unix_seconds(0)).verify(b"", &Material::new());
    report.verdict = verdict;
    report.issuer = Some("did:key:z6MkjZbT9ryVy2bWhyM8TxtJf7kZ8qvFGRG8EBdqLyyhFcTt".into());
    report.checks = messages.into_iter().map(check).collect();
    let summary = Summary {
        title: Some("Certified Support Engineer".into()),
        issuer: Some("Northwind Academy".into()),
        earner: Some("Ada Lovelace".into()),
        valid_from: Some("2026-03-01T09:30:00Z".into()),
        valid_until: Some("2028-03-01T09:30:00Z".into()),
    };
    Verified { report, summary, own: None, document: Vec::new() }
}

fn verify_page(verified: &Verified) -> String {
    VerifyPage { answer: Some(verify_view::answer(verified)), ..VerifyPage::empty() }.render().unwrap()
}

fn pages() -> Vec<(String, String)> {
    let mut pages = vec![
        ("front".to_owned(), front::view().render().unwrap()),
        ("verify".to_owned(), VerifyPage::empty().render().unwrap()),
        ("verify-valid".to_owned(), verify_page(&verified(Verdict::Valid, false))),
        ("verify-changed".to_owned(), verify_page(&verified(Verdict::Invalid, true))),
    ];
    let problem = VerifyPage {
        problem: Some(HOSTILE.into()),
        url: HOSTILE.into(),
        pasted: HOSTILE.into(),
        ..VerifyPage::empty()
    };
    pages.push(("verify-hostile".to_owned(), problem.render().unwrap()));
    for (name, shown) in all_shown() {
        pages.push((format!("credential-{name}"), credential_page(&shown)));
    }
    let on_shelf: Vec<_> = all_shown().into_iter().map(|(_, each)| (each.award, each.achievement)).collect();
    let counting = on_shelf.iter().filter(|(award, _)| award.standing == Standing::Active).cloned().collect();
    pages.push((
        "earner".to_owned(),
        earner::view(&shelf(counting, engagement(), "Ada Lovelace"), now()).render().unwrap(),
    ));
    pages.push((
        "earner-hostile".to_owned(),
        earner::view(&shelf(on_shelf, Vec::new(), HOSTILE), now()).render().unwrap(),
    ));
    for (name, each) in
        [("achievement", all_shown().remove(0).1.achievement), ("achievement-engagement", engagement().remove(1).1)]
    {
        pages.push((name.to_owned(), achievement::view(&described(each)).render().unwrap()));
    }
    for (name, shown) in all_issued() {
        pages.push((name.to_owned(), issued::view(&shown, "http://127.0.0.1:8099", now()).render().unwrap()));
    }
    pages.push(("not-found".to_owned(), frame::sample()));
    pages
}

#[test]
fn every_page_is_whole_and_harmless() {
    for (name, html) in pages() {
        for needed in
            ["<html lang=\"en\">", "<title>", "<main id=\"main\">", "name=\"viewport\"", "class=\"skip\"", "<h1>"]
        {
            assert!(html.contains(needed), "{needed} in {name}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        for bad in [
            "<script",
            "<img src=x",
            "javascript:",
            "data:text/html",
            " style=",
            "<style",
            "\u{202E}evil\u{2066} 👩‍👩‍👧‍👦🎓</h1>",
            "evil.example",
        ] {
            assert!(!html.contains(bad), "{bad:?} in {name}");
        }
    }
}

#[test]
fn a_shared_page_can_be_previewed_and_read_by_machines() {
    let html = credential_page(&all_shown().remove(0).1);
    for needed in [
        r#"<meta name="robots" content="noindex">"#,
        r#"<meta property="og:image" content="http://127.0.0.1:8099/credentials/00000000000000000000000000000001/og.png">"#,
        r#"<meta name="twitter:card" content="summary_large_image">"#,
        r#"<link rel="alternate" type="application/vc+ld+json" href="http://127.0.0.1:8099/credentials/00000000000000000000000000000001">"#,
        "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME",
        "/verify?url=http%3A%2F%2F127.0.0.1%3A8099%2Fcredentials%2F00000000000000000000000000000001",
        "Awarded to <strong><bdi>Ada Lovelace</bdi></strong>",
    ] {
        assert!(html.replace("&#38;", "&").contains(needed), "{needed}");
    }
}

#[test]
fn a_revoked_credential_says_so_and_why() {
    let html = credential_page(&all_shown().remove(1).1);
    assert!(html.contains("Revoked") && html.contains("on 4 May 2026") && html.contains("results were withdrawn"));
}

#[test]
fn only_valid_credentials_are_quoted_as_facts() {
    let valid = verify_view::answer(&verified(Verdict::Valid, false));
    assert_eq!(
        valid.sentence,
        "Northwind Academy issued “Certified Support Engineer” to Ada Lovelace on 1 March 2026, valid until 1 March 2028."
    );
    let changed = verify_view::answer(&verified(Verdict::Invalid, true));
    assert!(changed.sentence.starts_with("It says that") && changed.headline.contains("not genuine"));
}

fn write(root: &Path, place: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(place.trim_start_matches('/'));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn written_out() {
    let Some(root) = std::env::var_os("LAUREL_PAGES_OUT") else { return };
    let root = Path::new(&root);
    for (name, html) in pages() {
        write(root, &format!("{name}.html"), html);
    }
    write(root, assets::style(), include_bytes!("../../assets/laurel.css"));
    write(root, assets::mark(), include_bytes!("../../assets/mark.svg"));
    let painter = Painter::default();
    for (_, shown) in all_shown() {
        let place = format!("credentials/{}", shown.award.public_id);
        let face = credential::face(&shown);
        write(root, &format!("{place}/emblem.svg"), emblem::svg(&face));
        let status = Status::of(&shown.award, now());
        let card = Card {
            face: &face,
            line: format!("Issued {}", Day::of(shown.award.awarded).words),
            warning: (!status.is_valid()).then(|| status.word()),
        };
        write(root, &format!("{place}/og.png"), painter.paint(card::svg(&card)).await.unwrap());
        let face = EmblemFace::of(&shown.achievement, &shown.achievement.version, &shown.organisation.name, None);
        write(root, &format!("achievements/{}/emblem.svg", shown.achievement.id), emblem::svg(&face));
    }
    for (_, achievement) in engagement() {
        let face = EmblemFace::of(&achievement, &achievement.version, "Northwind Academy", None);
        write(root, &format!("achievements/{}/emblem.svg", achievement.id), emblem::svg(&face));
    }
}
