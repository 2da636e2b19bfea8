//! `CloudEvents` 1.0: what a partner system sends to `/v1/events`.
//!
//! Whom an event is about stands in one of two places. `data.subject` is `{"kind": "person", "identifiers": [{"type": "account",
//! "home_page": "https://lms.example.org", "name": "17"}, {"type": "email", "address": "ada@example.org"}]}`. Or the attribute
//! `subject` holds one identifier: `mailto:ada@example.org`, `did:web:ada.example`, or an account as its home-page and name,
//! `https://lms.example.org#17`. `data.subject` is taken out of the data before rules see it: criteria need no addresses.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::admit::admit;
use super::{Appended, NewEvent, RESERVED_PREFIX, take};
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::OrganisationId;
use crate::plugins::IncomingEvent;
use crate::subjects::{Identifier, SubjectKind};
use crate::time::Timestamp;
use crate::tokens::Assertions;

/// An event with the attributes that matter here.
#[derive(Clone, Debug)]
pub struct CloudEvent {
    /// With `source`, what makes it happen once.
    pub id: String,
    /// A URI reference.
    pub source: String,
    /// The event's kind.
    pub kind: String,
    /// When it happened; none means when it first came.
    pub time: Option<Timestamp>,
    /// One identifier as a URI.
    pub subject: Option<String>,
    /// The body.
    pub data: Map<String, Value>,
}

/// Makes events durable. Answers in the order given. In a `batch`, pointers begin with the event's index. Nothing is written unless
/// every event is good.
pub async fn accept(
    house: &House,
    organisation: OrganisationId,
    assertions: &Assertions,
    events: Vec<CloudEvent>,
    batch: bool,
) -> Result<Vec<Appended>, Error> {
    let now = house.clock.now();
    let (mut ready, mut problems) = (Vec::with_capacity(events.len()), Vec::new());
    let mut undated = Vec::new();
    for (index, event) in events.into_iter().enumerate() {
        let place = if batch { format!("/{index}") } else { String::new() };
        if event.time.is_none() {
            undated.push(index);
        }
        let translated = translate(event, assertions, now, &place);
        match translated.and_then(|event| admit(organisation, assertions, event, now, &place)) {
            Ok(event) => ready.push(event),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let again: Vec<(usize, NewEvent)> = undated.into_iter().map(|index| (index, ready[index].clone())).collect();
    let mut appended = take(house, ready).await?;
    for (index, event) in again {
        settle_undated(house, event, &mut appended[index]).await?;
    }
    Ok(appended)
}

/// An event without a time gets the time of its first coming, so that it differs from its own repetition. Whether that is all that differs
/// the log says, asked again with the first one's time: the key is taken, so nothing is written.
async fn settle_undated(house: &House, event: NewEvent, appended: &mut Appended) -> Result<(), Error> {
    let Appended::Conflict(_) = *appended else { return Ok(()) };
    let first = house.store.event(event.organisation, &event.source, &event.id).await?;
    let Some(first) = first else { return Ok(()) };
    let again = house.store.append(vec![NewEvent { time: first.time, ..event }]).await?;
    *appended = again.into_iter().next().unwrap_or(*appended);
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataSubject {
    #[serde(default = "person")]
    kind: SubjectKind,
    identifiers: Vec<Identifier>,
}

fn person() -> SubjectKind {
    SubjectKind::Person
}

fn translate(
    mut event: CloudEvent,
    assertions: &Assertions,
    now: Timestamp,
    place: &str,
) -> Result<IncomingEvent, Vec<Problem>> {
    let fault = |part: &str, message: String| vec![Problem::at(format!("{place}{part}"), message)];
    if event.source.is_empty() || event.source.contains(char::is_whitespace) {
        return Err(fault("/source", "a source is a URI reference without white space".to_owned()));
    }
    if event.source.starts_with(RESERVED_PREFIX) {
        return Err(fault("/source", "sources that begin with `laurel:` are the host's own".to_owned()));
    }
    let subject = match event.data.remove("subject") {
        Some(value) => {
            Some(DataSubject::deserialize(value).map_err(|error| fault("/data/subject", format!("{error}")))?)
        }
        None => None,
    };
    let (kind, mut identifiers) = subject.map_or((SubjectKind::Person, Vec::new()), |s| (s.kind, s.identifiers));
    match (event.subject.as_deref().map(Identifier::from_uri), identifiers.is_empty()) {
        (Some(Some(identifier)), _) => identifiers.push(identifier),
        (Some(None), true) => {
            let forms = "mailto:ada@example.org, did:web:ada.example or https://lms.example.org#17";
            return Err(fault("/subject", format!("it is no identifier: write {forms}, or use data.subject")));
        }
        // With data.subject, the attribute may mean whatever the producer means by it.
        (Some(None), false) | (None, _) => {}
    }
    // Identity is source and id together; several sources may stand behind one token.
    let id = if event.source == assertions.source { event.id } else { format!("{} {}", event.source, event.id) };
    Ok(IncomingEvent {
        id,
        kind: event.kind,
        time: event.time.unwrap_or(now),
        subject_kind: kind,
        identifiers,
        data: Value::Object(event.data).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assertions() -> Assertions {
        let text =
            r#"{"source": "https://lms.example.org", "namespaces": ["https://lms.example.org"], "kinds": ["*"]}"#;
        serde_json::from_str(text).unwrap()
    }

    fn event(subject: Option<&str>, data: &str) -> CloudEvent {
        CloudEvent {
            id: "1".into(),
            source: "https://lms.example.org".into(),
            kind: "course.completed".into(),
            time: None,
            subject: subject.map(str::to_owned),
            data: serde_json::from_str(data).unwrap(),
        }
    }

    #[test]
    fn a_subject_stands_in_one_of_two_places() {
        let in_data =
            r#"{"subject": {"identifiers": [{"type": "email", "address": "a@b.c"}]}, "x": 12345678901234567890}"#;
        let translated = translate(event(None, in_data), &assertions(), Timestamp(0), "").unwrap();
        assert_eq!(translated.identifiers, [Identifier::Email { address: "a@b.c".into() }]);
        assert_eq!(translated.data, r#"{"x":12345678901234567890}"#);
        let attribute = translate(event(Some("https://lms.example.org#17"), "{}"), &assertions(), Timestamp(0), "");
        let account = Identifier::Account { home_page: "https://lms.example.org".into(), name: "17".into() };
        assert_eq!(attribute.unwrap().identifiers, [account]);
        let neither = translate(event(Some("somebody"), "{}"), &assertions(), Timestamp(0), "/3").unwrap_err();
        assert_eq!(neither[0].pointer, "/3/subject");
    }

    #[test]
    fn identity_is_source_and_id() {
        let other = CloudEvent { source: "urn:b".into(), ..event(Some("mailto:a@b.c"), "{}") };
        assert_eq!(translate(other, &assertions(), Timestamp(0), "").unwrap().id, "urn:b 1");
        let host = CloudEvent { source: "laurel:awards".into(), ..event(Some("mailto:a@b.c"), "{}") };
        assert_eq!(translate(host, &assertions(), Timestamp(0), "").unwrap_err()[0].pointer, "/source");
    }

    #[test]
    fn nobody_claims_more_than_was_granted() {
        let organisation = OrganisationId(uuid::Uuid::nil());
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let admitted = |event: CloudEvent| {
            let translated = translate(event, &assertions(), now, "")?;
            admit(organisation, &assertions(), translated, now, "")
        };
        assert!(admitted(event(Some("https://LMS.example.org/#17"), "{}")).is_ok());
        let pointer = |event: CloudEvent| admitted(event).unwrap_err()[0].pointer.clone();
        assert_eq!(pointer(event(Some("https://other.example#17"), "{}")), "/data/subject");
        assert_eq!(pointer(event(Some("mailto:a@b.c"), "{}")), "/data/subject");
        let account = Some("https://lms.example.org#17");
        assert_eq!(pointer(CloudEvent { kind: "laurel:wake".into(), ..event(account, "{}") }), "/type");
        let ahead = CloudEvent { time: "2026-01-09T00:00:00Z".parse().ok(), ..event(account, "{}") };
        let problem = &admitted(ahead).unwrap_err()[0];
        assert!(problem.pointer == "/time" && problem.message.contains("clock"), "{problem:?}");
    }
}
