//! How fast the crate signs and verifies, beside bare Ed25519 in the same run.
//!
//! `cargo bench -p laurel-openbadges` prints one JSON object a line: name, value (per second and core), the limit it is
//! measured against, and the ratio. The document is a badge of about 1.95 kB and 44 statements.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may fail and print")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::documents::{
    Achievement, AchievementSubject, AchievementType, Alignment, CredentialSchema, Criteria, Evidence, Image,
    OpenBadgeCredential, Profile,
};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, StatusEntry, StatusListCredential, StatusPurpose};
use laurel_openbadges::verify::{Material, Verifier};
use laurel_openbadges::{Limits, Timestamp, canonical};

const TIME: Timestamp = Timestamp::from_unix_seconds(1_750_000_000);

fn main() {
    let key = SigningKey::from_seed(&[7; 32]);
    let method = key.did_key().verification_method();
    let unsigned = badge(&key).to_bytes().unwrap();
    let quads = canonical::nquads(&unsigned, Contexts::bundled(), &Limits::default()).unwrap().lines().count();
    println!("{{\"document_bytes\":{},\"statements\":{quads}}}", unsigned.len());
    let message = [9; 64];
    let signature = key.sign_message(&message);
    let public = key.multikey();
    let bare_sign = rate(|| key.sign_message(black_box(&message)));
    let bare_verify = rate(|| public.verifies(black_box(&message), &signature));
    report("ed25519 sign", bare_sign, bare_sign);
    report("ed25519 verify", bare_verify, bare_verify);
    for suite in [Cryptosuite::EddsaJcs2022, Cryptosuite::EddsaRdfc2022] {
        let options = ProofOptions::new(suite, &method, TIME);
        let signed = sign(&unsigned, &key, &options).unwrap();
        let verifier = Verifier::new(TIME);
        let material = Material::new();
        report(&format!("{suite} sign"), rate(|| sign(black_box(&unsigned), &key, &options).unwrap()), bare_sign);
        let per_second = rate(|| verifier.verify(black_box(&signed), &material).checks.len());
        report(&format!("{suite} verify"), per_second, bare_verify);
    }
    canonical_forms(&unsigned, bare_sign);
    status_list(&key, &method, bare_sign);
}

fn canonical_forms(unsigned: &[u8], limit: f64) {
    let limits = Limits::default();
    report("canonical json", rate(|| canonical::json(black_box(unsigned), &limits).unwrap()), limit);
    let nquads = rate(|| canonical::nquads(black_box(unsigned), Contexts::bundled(), &limits).unwrap());
    report("canonical n-quads", nquads, limit);
}

/// Re-signing a list of a million entries, a thousand of them set, after one more revocation.
fn status_list(key: &SigningKey, method: &str, limit: f64) {
    let mut list = Bitstring::new(1 << 20).unwrap();
    for index in 0..1000 {
        list.set(index * 1009 % (1 << 20), true).unwrap();
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
    let value = rate(|| sign(&credential.to_bytes(&list), key, &options).unwrap());
    report("status list of 2^20 entries, re-signed", value, limit);
}

/// Runs per second: the best of five rounds of a fifth of a second.
fn rate<T>(mut work: impl FnMut() -> T) -> f64 {
    let round = Duration::from_millis(200);
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let (started, mut runs) = (Instant::now(), 0_u32);
        while started.elapsed() < round {
            for _ in 0..8 {
                black_box(work());
            }
            runs += 8;
        }
        best = best.max(f64::from(runs) / started.elapsed().as_secs_f64());
    }
    best
}

fn report(name: &str, value: f64, limit: f64) {
    println!(
        "{{\"name\":\"{name}\",\"value\":{value:.0},\"unit\":\"1/s\",\"limit\":{limit:.0},\"ratio\":{:.3}}}",
        value / limit
    );
}

fn badge(key: &SigningKey) -> OpenBadgeCredential {
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
    badge.status = vec![StatusEntry {
        list: "https://badges.example/status/1".into(),
        purpose: StatusPurpose::Revocation,
        index: 94_567,
    }];
    badge.schema = vec![CredentialSchema::open_badges()];
    badge
}
