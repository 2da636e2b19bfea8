//! The JSON Canonicalization Scheme (RFC 8785).

use std::cmp::Ordering;

use crate::json::{Value, push_ecmascript};
use crate::text::plain_run;

/// The canonical text of a value.
pub(crate) fn to_string(value: &Value<'_>) -> String {
    let mut out = String::with_capacity(1024);
    push_value(&mut out, value);
    out
}

/// A member of an object: its name and its value.
pub(crate) type Member<'v> = (&'v str, &'v Value<'v>);

/// The canonical text of an object of these members, in whatever order they are given.
pub(crate) fn of_members(members: Vec<Member<'_>>) -> String {
    let mut out = String::with_capacity(1024);
    push_members(&mut out, sorted_by_name(members), true);
    out
}

/// Appends the canonical text of a value.
pub(crate) fn push_value(out: &mut String, value: &Value<'_>) {
    push(out, value, true);
}

/// Appends the same text but with members in the order they have.
pub(crate) fn push_in_order(out: &mut String, value: &Value<'_>) {
    push(out, value, false);
}

fn push(out: &mut String, value: &Value<'_>, sorted: bool) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => push_ecmascript(out, *number),
        Value::String(text) => push_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push(out, item, sorted);
            }
            out.push(']');
        }
        Value::Object(object) if sorted => push_members(out, sorted_by_name(object.iter().collect()), true),
        Value::Object(object) => push_members(out, object.iter(), false),
    }
}

fn push_members<'v>(out: &mut String, members: impl IntoIterator<Item = Member<'v>>, sorted: bool) {
    out.push('{');
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_string(out, key);
        out.push(':');
        push(out, value, sorted);
    }
    out.push('}');
}

fn sorted_by_name(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    members.sort_unstable_by(|(a, _), (b, _)| utf16_order(a, b));
    members
}

/// Appends a string in quotes with the escapes of section 3.2.2.2.
pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let at = plain_run(rest.as_bytes(), 0x20..=0xff, *b"\"\\");
        out.push_str(&rest[..at]);
        let Some(special) = rest.as_bytes().get(at) else { break };
        match *special {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            8 => out.push_str("\\b"),
            9 => out.push_str("\\t"),
            10 => out.push_str("\\n"),
            12 => out.push_str("\\f"),
            13 => out.push_str("\\r"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str(if control < 16 { "\\u000" } else { "\\u001" });
                out.push(char::from(HEX[usize::from(control & 15)]));
            }
        }
        rest = &rest[at + 1..];
    }
    out.push('"');
}

/// Order of member names: by UTF-16 code units (section 3.2.3), which differs from the order of bytes
/// only where characters beyond the basic plane are involved.
fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, canonical};

    fn canonical(text: &str) -> String {
        canonical::json(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn the_sample_of_section_3_2_2() {
        let input = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical(input), expected);
    }

    #[test]
    fn names_are_sorted_by_utf16_units() {
        let input = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical(input), expected);
    }
}
