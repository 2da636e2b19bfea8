//! Who earned it? (Open Badges 3.0, sections B.1.5 and B.1.12)

use sha2::{Digest, Sha256};

use super::keys::{listed, shown};
use super::report::Outcome;
use crate::json::{Object, Value};

/// Whether the credential is the wanted recipient's; without one wanted, whose it says it is.
pub(super) fn check(credential: &Object<'_>, wanted: Option<&str>) -> (Outcome, String) {
    let subjects = || listed(credential.get("credentialSubject")).iter().filter_map(Value::as_object);
    let Some(wanted) = wanted else { return (Outcome::Pass, described(subjects())) };
    if subjects().any(|subject| is_of(subject, wanted)) {
        return (Outcome::Pass, format!("It was earned by {}.", shown(wanted)));
    }
    (Outcome::Fail, format!("Nothing in it says that it was earned by {}.", shown(wanted)))
}

fn described<'v>(mut subjects: impl Iterator<Item = &'v Object<'v>>) -> String {
    let Some(subject) = subjects.next() else { return "It names nobody as its recipient.".to_owned() };
    if let Some(id) = subject.str("id") {
        return format!("It was earned by {}.", shown(id));
    }
    let mut identities = listed(subject.get("identifier")).iter().filter_map(Value::as_object);
    match identities.next() {
        None => "It names nobody as its recipient.".to_owned(),
        Some(identity) if identity.get("hashed") == Some(&Value::Bool(true)) => {
            "It names its recipient by a hashed identity: enter the identity to compare.".to_owned()
        }
        Some(identity) => format!("It was earned by {}.", shown(identity.str("identityHash").unwrap_or("someone"))),
    }
}

fn is_of(subject: &Object<'_>, wanted: &str) -> bool {
    let id = subject.str("id").unwrap_or_default();
    if id == wanted || id.strip_prefix("mailto:").is_some_and(|address| same(address, wanted)) {
        return true;
    }
    listed(subject.get("identifier")).iter().filter_map(Value::as_object).any(|identity| {
        let Some(text) = identity.str("identityHash") else { return false };
        match text.strip_prefix("sha256$") {
            Some(digest) if identity.get("hashed") == Some(&Value::Bool(true)) => {
                is_digest(digest, wanted, identity.str("salt").unwrap_or_default())
            }
            _ => same(text, wanted),
        }
    })
}

/// Identities are compared without regard to case where they are e-mail addresses.
fn same(a: &str, b: &str) -> bool {
    a == b || (a.contains('@') && a.eq_ignore_ascii_case(b))
}

fn is_digest(digest: &str, identity: &str, salt: &str) -> bool {
    let of = |identity: &str| {
        let digest = Sha256::new().chain_update(identity).chain_update(salt).finalize();
        digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    digest.eq_ignore_ascii_case(&of(identity)) || digest.eq_ignore_ascii_case(&of(&identity.to_ascii_lowercase()))
}
