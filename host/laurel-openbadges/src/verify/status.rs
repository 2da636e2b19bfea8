//! Was it revoked or suspended? (Bitstring Status List 1.0, section 3.2; 1EdTech Revocation List)

use super::keys::shown;
use super::material::{Material, Need, NeedKind, is_address};
use super::report::{CheckId, Outcome, Report};
use super::verification::Verification;
use crate::json::{self, Object, Value};

/// Entries of one credential that are looked at; each may mean a list to fetch.
const MOST_ENTRIES: usize = 16;

/// A place in a status list, read from a credential.
enum Entry<'v> {
    Bitstring(Place<'v>),
    OneEdTech { list: &'v str },
    Other(&'v str),
    Malformed(&'static str),
}

/// A place in a bitstring.
#[derive(Clone, Copy)]
struct Place<'v> {
    list: &'v str,
    purpose: &'v str,
    index: u64,
    size: u64,
    /// What the values mean, if the entry says it.
    messages: &'v [Value<'v>],
}

impl Place<'_> {
    /// The issuer's words for a value.
    fn message(&self, value: u64) -> Option<&str> {
        let entry = self.messages.iter().filter_map(Value::as_object).find(|entry| code(entry) == Some(value));
        entry.and_then(|entry| entry.str("message"))
    }
}

/// The value a message is for: hexadecimal, with `0x` before it.
fn code(message: &Object<'_>) -> Option<u64> {
    u64::from_str_radix(message.str("status")?.strip_prefix("0x")?, 16).ok()
}

/// The answer for one entry.
struct Answer {
    outcome: Outcome,
    message: String,
    set: Option<&'static str>,
}

fn answer(outcome: Outcome, message: impl Into<String>) -> Answer {
    Answer { outcome, message: message.into(), set: None }
}

/// The lists a credential's status is in.
pub(super) fn needs(credential: &Object<'_>, needs: &mut Vec<Need>) {
    for entry in entries(credential) {
        if let Entry::Bitstring(Place { list, .. }) | Entry::OneEdTech { list } = entry
            && is_address(list)
        {
            needs.push(Need { url: list.to_owned(), kind: NeedKind::Status });
        }
    }
}

/// What is wrong with the entries' form.
pub(super) fn problems(credential: &Object<'_>) -> Vec<&'static str> {
    entries(credential)
        .filter_map(|entry| if let Entry::Malformed(problem) = entry { Some(problem) } else { None })
        .collect()
}

/// Checks every entry.
pub(super) fn check(run: &Verification<'_>, credential: &Object<'_>, report: &mut Report) {
    let mut any = false;
    for entry in entries(credential) {
        any = true;
        let answer = match entry {
            Entry::Malformed(problem) => answer(Outcome::Fail, format!("Its status entry {problem}.")),
            Entry::Other(kind) => {
                let kind: String = kind.chars().take(80).collect();
                answer(
                    Outcome::NotChecked,
                    format!("Its status is kept as {kind:?}, which this verifier does not know."),
                )
            }
            Entry::Bitstring(place) => match fetched(run.material, place.list) {
                Ok(bytes) => bitstring(run, bytes, place),
                Err(missing) => missing,
            },
            Entry::OneEdTech { list } => match fetched(run.material, list) {
                Ok(bytes) => revocation_list(run, bytes, credential),
                Err(missing) => missing,
            },
        };
        report.revoked |= answer.set == Some("revocation");
        report.suspended |= answer.set == Some("suspension");
        report.add(CheckId::Status, answer.outcome, answer.message);
    }
    if !any {
        report.add(CheckId::Status, Outcome::Pass, "It names no status list: it cannot be revoked.");
    }
}

fn fetched<'m>(material: &'m Material, url: &str) -> Result<&'m [u8], Answer> {
    match material.get(url) {
        Some(Ok(bytes)) => Ok(bytes),
        Some(Err(reason)) => {
            Err(answer(Outcome::NotChecked, format!("The status list at {url} could not be had: {reason}.")))
        }
        None => Err(answer(Outcome::NotChecked, format!("The status list at {url} was not looked up."))),
    }
}

fn entries<'v>(credential: &'v Object<'_>) -> impl Iterator<Item = Entry<'v>> {
    let value = credential.get("credentialStatus").map_or(&[] as &[Value<'_>], Value::as_slice);
    value.iter().take(MOST_ENTRIES + 1).enumerate().map(|(index, item)| match item.as_object() {
        _ if index == MOST_ENTRIES => Entry::Malformed("is one of more than sixteen"),
        None => Entry::Malformed("is not an object"),
        Some(entry) if entry.get("type").is_some_and(|types| types.names("BitstringStatusListEntry")) => bits(entry),
        Some(entry) if entry.get("type").is_some_and(|types| types.names("1EdTechRevocationList")) => {
            entry.str("id").map_or(Entry::Malformed("has no id"), |list| Entry::OneEdTech { list })
        }
        Some(entry) => entry.str("type").map_or(Entry::Malformed("has no type"), Entry::Other),
    })
}

fn bits<'v>(entry: &'v Object<'_>) -> Entry<'v> {
    let Some(list) = entry.str("statusListCredential").filter(|url| is_address(url)) else {
        return Entry::Malformed("has no statusListCredential URL");
    };
    let Some(purpose) = entry.str("statusPurpose") else { return Entry::Malformed("has no statusPurpose") };
    let Some(index) = whole(entry.get("statusListIndex")) else {
        return Entry::Malformed("has a statusListIndex that is no whole number");
    };
    let size = match entry.get("statusSize") {
        None => Some(1),
        size => whole(size).filter(|size| (1..=32).contains(size)),
    };
    let Some(size) = size else { return Entry::Malformed("has a statusSize that is no small whole number") };
    let messages = entry.get("statusMessage").map_or(&[] as &[Value<'_>], Value::as_slice);
    let told =
        |message: &Value<'_>| message.as_object().is_some_and(|m| code(m).is_some() && m.str("message").is_some());
    if !messages.iter().all(told) {
        return Entry::Malformed("has a statusMessage that is not a list of status and message");
    }
    if size > 1 && messages.is_empty() {
        return Entry::Malformed("has several bits and no statusMessage to say what they mean");
    }
    Entry::Bitstring(Place { list, purpose, index, size, messages })
}

/// A whole number, written as a string (as it should be) or as a number (as it is found).
fn whole(value: Option<&Value<'_>>) -> Option<u64> {
    match value? {
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and in range")]
        Value::Number(number) if number.fract() == 0.0 && (0.0..9.0e15).contains(number) => Some(*number as u64),
        _ => None,
    }
}

fn bitstring(run: &Verification<'_>, bytes: &[u8], place: Place<'_>) -> Answer {
    match &*run.list(place.list, bytes) {
        Ok(list) => match list.value(place.purpose, place.index, place.size) {
            Ok(value) => meaning(place, value),
            Err(problem) => answer(Outcome::Fail, problem),
        },
        Err((outcome, problem)) => answer(*outcome, problem),
    }
}

/// What a value says of the credential.
fn meaning(place: Place<'_>, value: u64) -> Answer {
    let said = place.message(value).map(|message| format!(" Its issuer says: {}", shown(message))).unwrap_or_default();
    match (place.purpose, value) {
        ("message", _) if !said.is_empty() => answer(Outcome::Pass, said.trim_start()),
        (purpose, 0) => answer(Outcome::Pass, format!("Its {} entry {} is not set.", shown(purpose), place.index)),
        ("revocation", _) => {
            let message = format!("It was revoked by its issuer.{said}");
            Answer { outcome: Outcome::Fail, message, set: Some("revocation") }
        }
        ("suspension", _) => {
            let message = format!("It is suspended by its issuer for the time being.{said}");
            Answer { outcome: Outcome::Fail, message, set: Some("suspension") }
        }
        ("refresh", _) => answer(Outcome::Pass, format!("Its issuer has a newer version of it.{said}")),
        ("message", value) => {
            answer(Outcome::Pass, format!("Its message entry {} has the value {value}.", place.index))
        }
        (other, _) => answer(Outcome::Fail, format!("Its entry for {:?} is set.{said}", shown(other))),
    }
}

/// The older list of 1EdTech: revoked credentials by their identifiers.
fn revocation_list(run: &Verification<'_>, bytes: &[u8], credential: &Object<'_>) -> Answer {
    if let Err(why) = run.work.spend_on_bytes(bytes.len()) {
        return answer(Outcome::NotChecked, format!("The revocation list was not looked at: {why}."));
    }
    let value = match json::parse(bytes, run.limits()) {
        Ok(value) => value,
        Err(error) => return answer(Outcome::Fail, format!("The revocation list is not readable: {error}.")),
    };
    let list = value.as_object();
    let issuer = list.and_then(|list| list.str("issuer"));
    if issuer.is_none() || issuer != super::shape::issuer_id(credential) {
        return answer(Outcome::Fail, "The revocation list is another issuer's.");
    }
    let Some(revoked) = list.and_then(|list| list.get("revokedCredentials").or_else(|| list.get("revokedCredential")))
    else {
        return answer(Outcome::Pass, "The revocation list is empty.");
    };
    let id = credential.str("id");
    let hit = revoked.as_slice().iter().filter_map(Value::as_object).find(|entry| entry.str("id") == id);
    match hit {
        Some(entry) if entry.get("revoked") != Some(&Value::Bool(false)) => {
            let reason =
                entry.str("revocationReason").map(|reason| format!(" Reason given: {reason}")).unwrap_or_default();
            let message = format!("It was revoked by its issuer.{reason}");
            Answer { outcome: Outcome::Fail, message, set: Some("revocation") }
        }
        _ => answer(Outcome::Pass, "It is not on the revocation list."),
    }
}
