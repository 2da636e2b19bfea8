//! Who earned it? (Open Badges 3.0, sections B.1.5 and B.1.12)

use super::keys::{listed, shown};
use super::report::Outcome;
use crate::documents::identity_hash;
use crate::json::{Object, Value};

/// Whether the credential is the wanted recipient's; without one wanted, whose it says it is.
pub(super) fn check(credential: &Object<'_>, wanted: Option<&str>) -> (Outcome, String) {
    let subjects = || listed(credential.get("credentialSubject")).iter().filter_map(Value::as_object);
    let Some(wanted) = wanted else { return (Outcome::Pass, described(subjects())) };
    if subjects().any(|subject| is_of(subject, wanted)) { earned_by(wanted) } else { not_earned_by(wanted) }
}

/// The same for the `recipient` of an assertion of Open Badges 2.0 (its `IdentityObject`).
pub(super) fn hosted(recipient: Option<&Object<'_>>, wanted: Option<&str>) -> (Outcome, String) {
    match (recipient, wanted) {
        (None, None) => (Outcome::Pass, NOBODY.to_owned()),
        (Some(identity), None) if is_hashed(identity) => (Outcome::Pass, HASHED.to_owned()),
        (Some(identity), None) => {
            (Outcome::Pass, format!("It was earned by {}.", shown(identity.str("identity").unwrap_or("someone"))))
        }
        (Some(identity), Some(wanted)) if is_identity(identity, "identity", wanted) => earned_by(wanted),
        (_, Some(wanted)) => not_earned_by(wanted),
    }
}

const NOBODY: &str = "It names nobody as its recipient.";
const HASHED: &str = "It names its recipient by a hashed identity: enter the identity to compare.";

fn earned_by(wanted: &str) -> (Outcome, String) {
    (Outcome::Pass, format!("It was earned by {}.", shown(wanted)))
}

fn not_earned_by(wanted: &str) -> (Outcome, String) {
    (Outcome::Fail, format!("Nothing in it says that it was earned by {}.", shown(wanted)))
}

fn described<'v>(mut subjects: impl Iterator<Item = &'v Object<'v>>) -> String {
    let Some(subject) = subjects.next() else { return NOBODY.to_owned() };
    if let Some(id) = subject.str("id") {
        return format!("It was earned by {}.", shown(id));
    }
    let mut identities = listed(subject.get("identifier")).iter().filter_map(Value::as_object);
    match identities.next() {
        None => NOBODY.to_owned(),
        Some(identity) if is_hashed(identity) => HASHED.to_owned(),
        Some(identity) => format!("It was earned by {}.", shown(identity.str("identityHash").unwrap_or("someone"))),
    }
}

fn is_of(subject: &Object<'_>, wanted: &str) -> bool {
    let id = subject.str("id").unwrap_or_default();
    if id == wanted || id.strip_prefix("mailto:").is_some_and(|address| same(address, wanted)) {
        return true;
    }
    let mut identities = listed(subject.get("identifier")).iter().filter_map(Value::as_object);
    identities.any(|identity| is_identity(identity, "identityHash", wanted))
}

/// Whether an identity object, whose text is in `member`, is the wanted one.
fn is_identity(identity: &Object<'_>, member: &str, wanted: &str) -> bool {
    let Some(text) = identity.str(member) else { return false };
    if is_hashed(identity) && text.starts_with("sha256$") {
        return is_hash(text, wanted, identity.str("salt").unwrap_or_default());
    }
    same(text, wanted)
}

fn is_hashed(identity: &Object<'_>) -> bool {
    identity.get("hashed") == Some(&Value::Bool(true))
}

/// Identities are compared without regard to case where they are e-mail addresses.
fn same(a: &str, b: &str) -> bool {
    a == b || (a.contains('@') && a.eq_ignore_ascii_case(b))
}

fn is_hash(text: &str, identity: &str, salt: &str) -> bool {
    let is_of = |identity: &str| text.eq_ignore_ascii_case(&identity_hash(identity, salt));
    is_of(identity) || is_of(&identity.to_ascii_lowercase())
}
