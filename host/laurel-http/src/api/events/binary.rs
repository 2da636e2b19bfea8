//! Binary mode: attributes in `ce-` headers (percent-encoded), data in the body.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use laurel_core::events::CloudEvent;

use super::structured::{is_json, json, object};
use crate::problem::{MALFORMED, MEDIA_TYPE, Problem};

pub(super) fn read(headers: &HeaderMap, media: &str, body: &[u8]) -> Result<CloudEvent, Problem> {
    if !headers.contains_key("ce-specversion") {
        let detail = "send application/cloudevents+json, application/cloudevents-batch+json, or ce- headers";
        return Err(Problem::new(&MEDIA_TYPE, detail));
    }
    if headers.contains_key("ce-datacontenttype") {
        return Err(Problem::new(&MALFORMED, "ce-datacontenttype must not be sent: Content-Type says it"));
    }
    if !body.is_empty() && !is_json(media) {
        return Err(Problem::new(&MEDIA_TYPE, "data must be application/json"));
    }
    let attribute = |name: &'static str| attribute(headers, name);
    let needed = |name: &'static str| {
        let value = attribute(name)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| Problem::new(&MALFORMED, format!("the header {name} is missing")))
    };
    if needed("ce-specversion")? != "1.0" {
        return Err(Problem::new(&MALFORMED, "ce-specversion: only CloudEvents 1.0 are taken"));
    }
    let time = match attribute("ce-time")? {
        Some(text) => Some(text.parse().map_err(|error| Problem::new(&MALFORMED, format!("ce-time: {error}")))?),
        None => None,
    };
    let data = if body.is_empty() { None } else { Some(json(body)?) };
    Ok(CloudEvent {
        id: needed("ce-id")?,
        source: needed("ce-source")?,
        kind: needed("ce-type")?,
        time,
        subject: attribute("ce-subject")?,
        data: object(data).ok_or_else(|| Problem::new(&MALFORMED, "data must be a JSON object"))?,
    })
}

fn attribute(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HeaderName::from_static(name)).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(name) {
            Err(Problem::new(&MALFORMED, format!("the header {name} is there twice")))
        } else {
            Ok(None)
        };
    };
    decode(value)
        .map(Some)
        .ok_or_else(|| Problem::new(&MALFORMED, format!("the header {name} is not UTF-8, percent-encoded")))
}

/// The value of a header (`CloudEvents` HTTP binding, section 3.1.3.2): a quoted string is unquoted, then percent-encoding is
/// undone, once.
fn decode(value: &HeaderValue) -> Option<String> {
    let text = unquoted(value.to_str().ok()?);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digits = rest.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = digits.filter(|two| two.bytes().all(|each| each.is_ascii_hexdigit()));
        match (byte, escaped.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(decoded)) => {
                bytes.push(decoded);
                rest = &rest[2..];
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return text.to_owned() };
    let mut escaped = false;
    let kept = inner.chars().filter(|each| {
        escaped = *each == '\\' && !escaped;
        !escaped
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &'static str) -> Option<String> {
        decode(&HeaderValue::from_static(text))
    }

    #[test]
    fn one_round_of_percent_decoding() {
        assert_eq!(decoded("Euro%20%E2%82%AC%20%F0%9F%98%80").as_deref(), Some("Euro € 😀"));
        assert_eq!(decoded("%2525").as_deref(), Some("%25"));
        assert_eq!(decoded(r#""a \"b\" %20c""#).as_deref(), Some("a \"b\"  c"));
        assert_eq!(decoded("100%").as_deref(), Some("100%"));
    }

    #[test]
    fn overlong_and_broken_utf_8_is_refused() {
        assert_eq!(decoded("%C0%A0"), None);
        assert_eq!(decoded("%FF"), None);
    }
}
