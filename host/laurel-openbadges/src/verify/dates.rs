//! Is it valid now? (VC Data Model 2.0, section 4.9; 1.1, section 4.6)

use super::report::Outcome;
use crate::Timestamp;
use crate::json::Object;

/// The answer for a credential at a time.
pub(super) fn check(credential: &Object<'_>, now: Timestamp) -> (Outcome, String) {
    answer(first(credential, &["validFrom", "issuanceDate"]), first(credential, &["validUntil", "expirationDate"]), now)
}

/// The answer for an assertion of Open Badges 2.0.
pub(super) fn hosted(assertion: &Object<'_>, now: Timestamp) -> (Outcome, String) {
    answer(first(assertion, &["issuedOn"]), first(assertion, &["expires"]), now)
}

/// A time, none, or what is wrong with it.
type Read = Result<Option<Timestamp>, String>;

fn answer(from: Read, until: Read, now: Timestamp) -> (Outcome, String) {
    let (from, until) = match (from, until) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(message), _) | (_, Err(message)) => return (Outcome::Fail, message),
    };
    match (from, until) {
        (Some(from), Some(until)) if until < from => {
            (Outcome::Fail, format!("It ends ({until}) before it begins ({from})."))
        }
        (Some(from), _) if now < from => (Outcome::Fail, format!("It is not valid before {from}.")),
        (_, Some(until)) if now > until => (Outcome::Fail, format!("It expired at {until}.")),
        (Some(from), Some(until)) => (Outcome::Pass, format!("It is valid from {from} until {until}.")),
        (Some(from), None) => (Outcome::Pass, format!("It is valid since {from} and does not expire.")),
        (None, Some(until)) => (Outcome::Pass, format!("It is valid until {until}.")),
        (None, None) => (Outcome::Pass, "It names no dates.".to_owned()),
    }
}

/// What is wrong with the dates at any time; for issuers.
pub(super) fn problem(credential: &Object<'_>) -> Option<String> {
    let read = |members| first(credential, members);
    match (read(&["validFrom", "issuanceDate"]), read(&["validUntil", "expirationDate"])) {
        (Err(message), _) | (_, Err(message)) => Some(message),
        (Ok(Some(from)), Ok(Some(until))) if until < from => {
            Some(format!("It ends ({until}) before it begins ({from})."))
        }
        _ => None,
    }
}

fn first(credential: &Object<'_>, members: &[&str]) -> Read {
    let Some((member, value)) = members.iter().find_map(|member| credential.get(member).map(|value| (member, value)))
    else {
        return Ok(None);
    };
    match value.as_str().map(str::parse::<Timestamp>) {
        Some(Ok(time)) => Ok(Some(time)),
        _ => Err(format!("Its {member} is not a date and time with an offset.")),
    }
}
