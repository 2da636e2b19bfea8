//! What a source may claim, checked event by event before anything is written.

use serde::de::IgnoredAny;

use super::{MAX_DATA, NewEvent, RESERVED_PREFIX};
use crate::error::Problem;
use crate::id::OrganisationId;
use crate::plugins::{IncomingEvent, in_namespace};
use crate::rules::kind_matches;
use crate::subjects::{Identifier, SubjectReference, normalise_all};
use crate::time::Timestamp;
use crate::tokens::Assertions;

/// An event's time may lie so far ahead of our clock: 7 days.
pub const MAX_AHEAD_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The event as it goes into the log, if it claims nothing beyond `assertions`. Pointers are those of a `CloudEvent`, below `place`.
pub(super) fn admit(
    organisation: OrganisationId,
    assertions: &Assertions,
    event: IncomingEvent,
    now: Timestamp,
    place: &str,
) -> Result<NewEvent, Vec<Problem>> {
    let mut problems = Vec::new();
    let identifiers = normalise_all(event.identifiers, &format!("{place}/data/subject/identifiers"), &mut problems);
    let mut fault = |part: &str, message: String| problems.push(Problem::at(format!("{place}{part}"), message));
    if event.id.is_empty() || event.id.len() > 1024 || event.id.chars().any(char::is_control) {
        fault("/id", "an id has 1 to 1024 bytes and no control characters".to_owned());
    }
    if let Err(message) = check_kind(assertions, &event.kind) {
        fault("/type", message);
    }
    if event.time > now.plus_millis(MAX_AHEAD_MILLIS) {
        fault("/time", format!("{} is more than 7 days ahead of {now}: check the sender's clock", event.time));
    }
    if event.data.len() > MAX_DATA {
        fault("/data", format!("it has {} bytes; {MAX_DATA} is the most", event.data.len()));
    } else if serde_json::from_str::<IgnoredAny>(&event.data).is_err() {
        fault("/data", "it is not JSON".to_owned());
    }
    if identifiers.is_empty() {
        fault("/data/subject", "it names nobody: give at least one identifier".to_owned());
    }
    for identifier in &identifiers {
        if let Err(message) = check_claim(assertions, identifier) {
            fault("/data/subject", message);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(NewEvent {
        organisation,
        source: assertions.source.as_str().into(),
        id: event.id,
        kind: event.kind,
        time: event.time,
        subject: SubjectReference::Identified { kind: event.subject_kind, identifiers },
        data: event.data,
        depth: 0,
    })
}

fn check_kind(assertions: &Assertions, kind: &str) -> Result<(), String> {
    if kind.is_empty() || kind.len() > 128 || kind.chars().any(|each| each.is_whitespace() || each.is_control()) {
        return Err("a kind has 1 to 128 bytes without white space, such as course.completed".to_owned());
    }
    if kind.starts_with(RESERVED_PREFIX) {
        return Err("kinds that begin with `laurel:` are the host's own".to_owned());
    }
    if !kind_matches(&assertions.kinds, kind) {
        return Err(format!("{} may send only {}", assertions.source, assertions.kinds.join(", ")));
    }
    Ok(())
}

fn check_claim(assertions: &Assertions, identifier: &Identifier) -> Result<(), String> {
    match identifier {
        Identifier::Account { home_page, .. } if !in_namespace(&assertions.namespaces, home_page) => {
            let own = assertions.namespaces.join(", ");
            Err(format!("{} may not speak of accounts at {home_page}, only at: {own}", assertions.source))
        }
        Identifier::Email { .. } | Identifier::Did { .. } if !assertions.personal_identifiers => {
            Err(format!("{} may not identify anybody by e-mail address or DID", assertions.source))
        }
        _ => Ok(()),
    }
}
