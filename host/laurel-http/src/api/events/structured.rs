//! Structured mode: the whole event is one JSON document, or many are an array of them.

use laurel_core::error;
use laurel_core::events::CloudEvent;
use serde_json::{Map, Value};

use crate::problem::{MALFORMED, Problem};
use crate::strict_json;

/// So many events may come at once.
const MOST: usize = 1000;

pub(super) fn single(body: &[u8]) -> Result<CloudEvent, Problem> {
    event(json(body)?, "").map_err(|fault| Problem::invalid(vec![fault]))
}

pub(super) fn batch(body: &[u8]) -> Result<Vec<CloudEvent>, Problem> {
    let Value::Array(items) = json(body)? else {
        return Err(Problem::new(&MALFORMED, "a batch is a JSON array of events"));
    };
    if items.len() > MOST {
        let detail = format!("{} events; {MOST} at once are the most", items.len());
        return Err(Problem::invalid(vec![error::Problem::at("", detail)]));
    }
    let (mut events, mut faults) = (Vec::with_capacity(items.len()), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        match event(item, &format!("/{index}")) {
            Ok(event) => events.push(event),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(events) } else { Err(Problem::invalid(faults)) }
}

pub(super) fn json(body: &[u8]) -> Result<Value, Problem> {
    strict_json::parse(body)
        .map_err(|error| Problem::new(&MALFORMED, format!("this is not JSON as it should be: {error}")))
}

fn event(value: Value, place: &str) -> Result<CloudEvent, error::Problem> {
    let fault = |part: &str, message: &str| error::Problem::at(format!("{place}{part}"), message);
    let Value::Object(mut attributes) = value else { return Err(fault("", "an event is a JSON object")) };
    let mut text = |name: &str| match attributes.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(fault(&format!("/{name}"), "it must be a string")),
    };
    let needed = |name: &str, value: Option<String>| {
        value
            .filter(|text| !text.is_empty())
            .ok_or_else(|| fault(&format!("/{name}"), "CloudEvents need this attribute"))
    };
    let version = needed("specversion", text("specversion")?)?;
    if version != "1.0" {
        return Err(fault("/specversion", "only CloudEvents 1.0 are taken"));
    }
    if text("datacontenttype")?.is_some_and(|media| !is_json(&media)) {
        return Err(fault("/datacontenttype", "data must be JSON"));
    }
    let time = match text("time")? {
        Some(text) => Some(text.parse().map_err(|error| fault("/time", &format!("{error}")))?),
        None => None,
    };
    let (id, source, kind) =
        (needed("id", text("id")?)?, needed("source", text("source")?)?, needed("type", text("type")?)?);
    let subject = text("subject")?;
    if attributes.contains_key("data_base64") {
        return Err(fault("/data_base64", "data must be JSON, in `data`"));
    }
    let data = object(attributes.remove("data")).ok_or_else(|| fault("/data", "data must be a JSON object"))?;
    Ok(CloudEvent { id, source, kind, time, subject, data })
}

/// The data as an object; none at all is an empty one.
pub(super) fn object(data: Option<Value>) -> Option<Map<String, Value>> {
    match data {
        None | Some(Value::Null) => Some(Map::new()),
        Some(Value::Object(members)) => Some(members),
        Some(_) => None,
    }
}

/// Whether a media type (parameters allowed) is JSON.
pub(super) fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"specversion": "1.0", "id": "1", "source": "urn:lms", "type": "course.completed",
        "time": "2026-03-01T09:30:00Z", "subject": "mailto:ada@example.org", "traceparent": "x", "data": {"score": 1.50}}"#;

    #[test]
    fn an_event() {
        let event = single(EVENT.as_bytes()).unwrap();
        assert_eq!((event.id.as_str(), event.kind.as_str()), ("1", "course.completed"));
        assert_eq!(Value::Object(event.data).to_string(), r#"{"score":1.50}"#);
    }

    #[test]
    fn faults_in_a_batch_have_their_index() {
        let wrong = EVENT.replace("2026-03-01T09:30:00Z", "yesterday");
        let problem = batch(format!("[{EVENT},{wrong},3]").as_bytes()).unwrap_err();
        let text = format!("{problem:?}");
        assert!(text.contains("\"/1/time\"") && text.contains("\"/2\""), "{text}");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (from, to, place) in [
            ("\"1.0\"", "\"0.3\"", "/specversion"),
            ("\"id\": \"1\"", "\"id\": \"\"", "/id"),
            ("\"id\": \"1\"", "\"id\": 1", "/id"),
            ("{\"score\": 1.50}", "[1]", "/data"),
        ] {
            let text = format!("{:?}", single(EVENT.replace(from, to).as_bytes()).unwrap_err());
            assert!(text.contains(place), "{text}");
        }
        let twice = EVENT.replace("\"traceparent\": \"x\"", "\"id\": \"2\"");
        assert_eq!(single(twice.as_bytes()).unwrap_err().status(), 400);
    }
}
