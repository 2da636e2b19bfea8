//! How fast the crate signs and verifies, beside bare Ed25519 and beside the Node stack in the same run.
//!
//! Run by `cargo xtask bench`. Rates are per second on one core. The document is a badge of about 1.95 kB and 44 statements.

#![allow(clippy::unwrap_used, reason = "a bench may fail")]

use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use laurel_figures::Figures;
use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::documents::{
    Achievement, AchievementSubject, AchievementType, Alignment, CredentialSchema, Criteria, Evidence, Image,
    OpenBadgeCredential, Profile,
};
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::{MessageSigner, Multikey, PublicKey, SignerError, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, ProofPurpose, sign};
use laurel_openbadges::status::{Bitstring, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{Expected, Material, Verifier};
use laurel_openbadges::{Limits, Timestamp, canonical};

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TIME: Timestamp = Timestamp::from_unix_seconds(1_750_000_000);

/// Seed of the issuer's key.
const SEED: [u8; 32] = [7; 32];

/// The same key, used by the library that the host signs with.
struct HostsKey(Ed25519KeyPair);

impl MessageSigner for HostsKey {
    fn public_key(&self) -> PublicKey {
        Multikey::from_bytes(self.0.public_key().as_ref().try_into().unwrap()).into()
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

fn main() {
    let figures = Figures::from_arguments();
    let key = SigningKey::from_seed(&SEED);
    let method = key.did_key().verification_method();
    let unsigned = badge(&key, true).to_bytes().unwrap();
    let message = [9; 64];
    let signature = key.sign_message(&message);
    let public = key.multikey();
    let bare_sign = rate(|| key.sign_message(black_box(&message)));
    let bare_verify = rate(|| public.verifies(black_box(&message), &signature));
    let hosts_key = HostsKey(Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap());
    let hosts_bare_sign = rate(|| hosts_key.sign_message(black_box(&message)));
    figures.add("ed25519 sign", bare_sign, "1/s", None);
    figures.add("ed25519 sign, by the host's library", hosts_bare_sign, "1/s", Some(bare_sign));
    figures.add("ed25519 verify", bare_verify, "1/s", None);
    // The list of a verified badge is not there: that the status is unknown costs no less than knowing it.
    let (verifier, material) = (Verifier::new(TIME), Material::new());
    // The Node stack resolves no status list: both sign the document without one.
    let without_status = badge(&key, false).to_bytes().unwrap();
    let node = node_rates(&without_status);
    for suite in [Cryptosuite::EddsaJcs2022, Cryptosuite::EddsaRdfc2022] {
        let options = ProofOptions::new(suite, &method, TIME);
        let signed = sign(&unsigned, &key, &options).unwrap();
        let signing = rate(|| sign(black_box(&unsigned), &key, &options).unwrap());
        let hosts_signing = rate(|| sign(black_box(&unsigned), &hosts_key, &options).unwrap());
        let verifying = rate(|| verifier.verify(black_box(&signed), &material).checks.len());
        figures.add(&format!("{suite} sign"), signing, "1/s", Some(bare_sign));
        figures.add(&format!("{suite} sign, as the host does"), hosts_signing, "1/s", Some(hosts_bare_sign));
        figures.add(&format!("{suite} verify"), verifying, "1/s", Some(bare_verify));
        for (name, node_sign, node_verify) in node.iter().filter(|(name, ..)| name == suite.as_str()) {
            let signed = sign(&without_status, &key, &options).unwrap();
            let signing = rate(|| sign(black_box(&without_status), &hosts_key, &options).unwrap());
            let verifying = rate(|| verifier.verify(black_box(&signed), &material).checks.len());
            let beside = "beside the Node stack with the same document";
            figures.add(&format!("{name} sign, as the host does, {beside}"), signing, "1/s", Some(*node_sign));
            figures.add(&format!("{name} verify, {beside}"), verifying, "1/s", Some(*node_verify));
        }
    }
    tokens(figures, &unsigned, &key, (bare_sign, bare_verify));
    canonical_forms(figures, &unsigned, bare_sign);
    presentations(figures, &key);
    status_list(figures, &key, &method);
}

fn tokens(figures: Figures, unsigned: &[u8], key: &SigningKey, (bare_sign, bare_verify): (f64, f64)) {
    let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Kid(key.did_key().verification_method()));
    let token = sign_credential(unsigned, key, &options).unwrap();
    let (verifier, material) = (Verifier::new(TIME), Material::new());
    figures.add(
        "token sign (EdDSA)",
        rate(|| sign_credential(black_box(unsigned), key, &options).unwrap()),
        "1/s",
        Some(bare_sign),
    );
    let verifying = rate(|| verifier.verify(black_box(token.as_bytes()), &material).checks.len());
    figures.add("token verify (EdDSA)", verifying, "1/s", Some(bare_verify));
}

fn canonical_forms(figures: Figures, unsigned: &[u8], limit: f64) {
    let limits = Limits::default();
    figures.add("canonical json", rate(|| canonical::json(black_box(unsigned), &limits).unwrap()), "1/s", Some(limit));
    let nquads = rate(|| canonical::nquads(black_box(unsigned), Contexts::bundled(), &limits).unwrap());
    figures.add("canonical n-quads", nquads, "1/s", Some(limit));
}

/// What a badge costs in a presentation of a hundred, beside what it costs in one of ten: the same, if the work is linear.
fn presentations(figures: Figures, key: &SigningKey) {
    let per_badge = |count: u32| {
        let presentation = presentation(key, count);
        let (verifier, material) = (Verifier::new(TIME), Material::new());
        let expected = Expected { challenge: Some("c".into()), ..Expected::default() };
        let report = verifier.verify_presentation(&presentation, &expected, &material);
        assert!(report.is_valid(), "{report:#?}");
        let rate = rate(|| verifier.verify_presentation(black_box(&presentation), &expected, &material).verdict);
        1e6 / rate / f64::from(count)
    };
    let (ten, hundred) = (per_badge(10), per_badge(100));
    figures.add("a badge in a presentation of 100, beside one in 10", hundred, "us", Some(ten));
}

/// A signed presentation of badges that are all of one achievement: the hardest case for canonical labels.
fn presentation(key: &SigningKey, count: u32) -> Vec<u8> {
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, key.did_key().verification_method(), TIME);
    let badges = (0..count).map(|number| {
        let mut badge = badge(key, false);
        badge.id = format!("https://badges.example/credentials/{number}");
        badge.subject.id = Some(format!("urn:earner:{number}"));
        String::from_utf8(sign(&badge.to_bytes().unwrap(), key, &options).unwrap()).unwrap()
    });
    let unsigned = format!(
        r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[{}]}}"#,
        badges.collect::<Vec<_>>().join(",")
    );
    let options = ProofOptions { purpose: ProofPurpose::Authentication, challenge: Some("c".into()), ..options };
    sign(unsigned.as_bytes(), key, &options).unwrap()
}

/// Milliseconds for re-signing a list of a million entries, a tenth of them set, after one more revocation.
fn status_list(figures: Figures, key: &SigningKey, method: &str) {
    let entries = 1 << 20;
    let mut list = Bitstring::new(entries).unwrap();
    for index in 0..entries / 10 {
        list.set(laurel_openbadges::status::permute(&[1; 32], index, entries), true).unwrap();
    }
    let credential = StatusListCredential {
        id: "https://badges.example/status/1".into(),
        issuer: key.did_key().to_string(),
        purpose: StatusPurpose::Revocation,
        valid_from: TIME,
        valid_until: None,
        ttl_millis: None,
    };
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, TIME);
    let mut next = 0;
    let per_second = rate(|| {
        next = (next + 7919) % entries;
        list.set(next, true).unwrap();
        sign(&credential.to_bytes(&list), key, &options).unwrap()
    });
    figures.add("status list of 2^20 entries after one revocation, re-signed", 1e3 / per_second, "ms", Some(50.0));
}

/// Name of the suite, and how often a second Node signs and verifies the document; nothing if the oracles are not installed.
fn node_rates(unsigned: &[u8]) -> Vec<(String, f64, f64)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("LAUREL_ORACLES").map_or_else(|| root.join("target/oracles"), PathBuf::from);
    if !folder.join("speed.mjs").is_file() {
        return Vec::new();
    }
    let document = std::str::from_utf8(unsigned).unwrap();
    let job = serde_json::json!({ "document": document, "milliseconds": 700 }).to_string();
    let node = Command::new("node").arg(folder.join("speed.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = node else { return Vec::new() };
    node.stdin.take().unwrap().write_all(job.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let answers = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    answers
        .map(|answer| {
            let rate = |what: &str| answer[what].as_f64().unwrap();
            (answer["name"].as_str().unwrap().to_owned(), rate("sign"), rate("verify"))
        })
        .collect()
}

/// Runs per second: the best of five rounds of a fifth of a second.
fn rate<T>(mut work: impl FnMut() -> T) -> f64 {
    let round = Duration::from_millis(200);
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let (started, mut runs) = (Instant::now(), 0_u32);
        while started.elapsed() < round {
            black_box(work());
            runs += 1;
        }
        best = best.max(f64::from(runs) / started.elapsed().as_secs_f64());
    }
    best
}

fn badge(key: &SigningKey, with_status: bool) -> OpenBadgeCredential {
    let narrative = "Team members are nominated for this badge by their peers and recognised upon review by the \
        management, after at least ten solved questions and two mentored colleagues.";
    let mut achievement = Achievement::new(
        "https://badges.example/achievements/21st-century-skills/teamwork",
        "Teamwork",
        "This badge recognises the development of the capacity to collaborate within a group environment.",
        Criteria {
            id: Some("https://badges.example/achievements/teamwork/criteria".into()),
            narrative: Some(narrative.into()),
        },
    );
    achievement.achievement_type = Some(AchievementType::Badge);
    achievement.image = Some(Image::new("https://badges.example/images/teamwork.png"));
    achievement.tag = vec!["teamwork".into(), "collaboration".into()];
    achievement.alignment = vec![Alignment {
        target_framework: Some("ESCO".into()),
        ..Alignment::new("work in teams", "http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0")
    }];
    let mut subject = AchievementSubject::new("urn:uuid:5e0a7a4e-4b6e-4c0b-8d80-b3f5a3d6d0b1", achievement);
    subject.narrative = Some("Solved twelve questions in the forum.".into());
    let issuer = Profile {
        url: Some("https://badges.example".into()),
        ..Profile::named(key.did_key().to_string(), "Example Corp")
    };
    let mut badge = OpenBadgeCredential::new(
        "https://badges.example/credentials/1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "Teamwork Badge",
        issuer,
        TIME,
        subject,
    );
    badge.evidence =
        vec![Evidence { name: Some("Forum thread".into()), ..Evidence::at("https://forum.example/t/1234") }];
    if with_status {
        badge.status = vec![StatusEntry::new("https://badges.example/status/1", StatusPurpose::Revocation, 94_567)];
    }
    badge.schema = vec![CredentialSchema::open_badges()];
    badge
}
