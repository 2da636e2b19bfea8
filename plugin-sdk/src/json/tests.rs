use std::borrow::Cow;

use proptest::prelude::*;

use super::{Reader, Value};

#[test]
fn numbers_stay_as_they_were_written() {
    let text = r#"{"a":21070000000000123,"b":-1.50e+3,"c":[true,null,"x"]}"#;
    let value = Value::parse(text).unwrap();
    assert_eq!(value.to_string(), text);
    assert_eq!(value.get("a").id().as_deref(), Some("21070000000000123"));
    assert_eq!(value.get("a").integer(), Some(21_070_000_000_000_123));
    assert_eq!(value.get("b").number(), Some(-1500.0));
    assert_eq!((value.get("b").integer(), value.get("c").items().len()), (None, 3));
    assert_eq!(Value::parse("123456789012345678901234").unwrap().id().unwrap(), "123456789012345678901234");
}

#[test]
fn escapes_are_undone() {
    let value = Value::parse(r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dx\udc00""#).unwrap();
    assert_eq!(value.text(), Some("a\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}x\u{fffd}"));
}

#[test]
fn of_doubles_the_last_counts() {
    assert_eq!(Value::parse(r#"{"a":1,"a":2}"#).unwrap().get("a").integer(), Some(2));
}

#[test]
fn what_is_no_json_is_refused_where_it_breaks() {
    let cases = [
        ("", 0),
        ("{", 1),
        ("{'a':1}", 1),
        ("[1,]", 3),
        ("[,1]", 1),
        (r#"{"a":1,}"#, 7),
        (r#"{"a" 1}"#, 5),
        ("01", 1),
        ("1.", 2),
        ("-", 1),
        ("nul", 0),
        ("\"a", 2),
        ("\"\n\"", 1),
        (r#""\x""#, 3),
        (r#""\u12""#, 3),
        ("1 2", 2),
    ];
    for (text, offset) in cases {
        assert_eq!(Value::parse(text).unwrap_err().offset, offset, "{text}");
    }
    assert_eq!(Value::parse_bytes(b"\"\xff\"").unwrap_err().expected, "UTF-8");
}

#[test]
fn nesting_is_bounded() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Value::parse(&deep(64)).is_ok());
    assert_eq!(Value::parse(&deep(65)).unwrap_err().expected, "less nesting");
    assert!(Reader::new(&deep(100_000)).skip().is_err());
}

#[test]
fn a_string_ends_where_it_ends_wherever_that_is() {
    for length in 0..40 {
        let text = "ÿé\u{7f}~ !#[]".chars().cycle().take(length).collect::<String>();
        for (special, expected) in
            [("\"", Ok(text.clone())), ("\\n\"", Ok(format!("{text}\n"))), ("\u{1f}\"", Err(())), ("", Err(()))]
        {
            let source = format!("\"{text}{special}");
            let read = Reader::new(&source).string().map(Cow::into_owned);
            assert_eq!(read.map_err(|failed| assert_eq!(failed.offset, 1 + text.len())), expected, "{source:?}");
        }
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9_f64..1e9).prop_map(Into::into),
        "\\PC{0,12}".prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map("\\PC{0,6}", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn it_reads_and_writes_what_serde_json_does(json in json()) {
        for text in [json.to_string(), serde_json::to_string_pretty(&json).unwrap()] {
            let value = Value::parse(&text).unwrap();
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&value.to_string()).unwrap(), &json);
            let mut reader = Reader::new(&text);
            prop_assert_eq!(reader.skip().unwrap(), text.trim());
            prop_assert!(reader.end().is_ok());
        }
    }

    #[test]
    fn it_accepts_what_serde_json_accepts(text in "[\\[\\]{}:,\" a1.e\\-\\\\u0-9tnrfalsue]{0,24}") {
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        // serde_json refuses lone surrogates, which vendors do send.
        if theirs || !text.contains("\\u") {
            prop_assert_eq!(Value::parse(&text).is_ok(), theirs, "{}", text);
        }
    }
}
