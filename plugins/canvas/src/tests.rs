//! Canvas: the signed requests of the corpus, its samples, and what must be refused.

use laurel_plugin::hook::{Reception, Refusal, Request};
use laurel_plugin::testing::{Host, post};
use laurel_plugin::{Hook, Identifier, IncomingEvent};

use crate::Canvas;

#[path = "../../corpus.rs"]
mod corpus;

const OXANA: &str = "https://oxana.instructure.com";

fn unsigned_host(instance: &str) -> Host {
    Host::new()
        .settings(format!(r#"{{"instance": "{instance}", "allow-unsigned": true}}"#))
        .secret("path-token", "s3cret-path")
}

/// An unsigned delivery to the secret path.
fn deliver(body: &str) -> Result<Reception, Refusal> {
    let request = post("https://badges.example.org/hooks/x/s3cret-path", &[], body.as_bytes(), 1_785_000_000_000);
    Canvas::receive(Request { path: "/s3cret-path".into(), ..request })
}

fn one(body: &str) -> IncomingEvent {
    let mut events = deliver(body).unwrap().events;
    assert_eq!(events.len(), 1, "{body}");
    events.remove(0)
}

fn live(name: &str, metadata: &str, body: &str) -> String {
    format!(
        r#"{{"metadata": {{"event_name": "{name}", "event_time": "2026-03-01T10:00:00.000Z", "hostname": "oxana.instructure.com"{metadata}}}, "body": {body}}}"#
    )
}

#[test]
fn signed_requests_are_decided_as_marked() {
    for vector in corpus::vectors("canvas") {
        let keys = corpus::read(vector["secret"].as_str().unwrap().strip_prefix("corpus/").unwrap()).unwrap();
        let _host = Host::new().settings(format!(r#"{{"instance": "{OXANA}"}}"#)).secret("signing-keys", &keys);
        let result = Canvas::receive(corpus::request(&vector));
        if vector["valid"].as_bool().unwrap() {
            assert_eq!(result.unwrap().events[0].kind, "course.completed", "{}", vector["name"]);
        } else {
            assert_eq!(result.unwrap_err().reason, "bad-signature", "{}", vector["name"]);
        }
    }
}

#[test]
fn samples_become_what_is_expected() {
    for expected in corpus::expected("canvas") {
        let body = corpus::read(expected["file"].as_str().unwrap()).unwrap();
        let _host = unsigned_host(OXANA);
        corpus::assert_translated(&one(&body), &expected, OXANA);
    }
}

#[test]
fn a_score_beyond_the_maximum_is_told_and_not_scaled() {
    let _host = unsigned_host(OXANA);
    let graded = |score: &str| {
        let body = format!(
            r#"{{"assignment_id": "7", "submission_id": "8", "student_id": "9", "score": {score}, "points_possible": 4}}"#
        );
        one(&live("grade_change", "", &body)).data
    };
    assert!(graded("5").contains(r#""score":{"raw":5,"max":4},"attributes":{"score_exceeds_max":"true"}"#));
    assert!(!graded("4").contains("exceeds"));
}

#[test]
fn unsigned_bodies_need_a_yes_and_the_token() {
    let body = live("course_completed", "", "{}");
    let elsewhere = |path: &str| {
        let request = post("https://badges.example.org/hooks/x", &[], body.as_bytes(), 0);
        Canvas::receive(Request { path: path.into(), ..request })
    };
    {
        let _host = Host::new().settings(format!(r#"{{"instance": "{OXANA}"}}"#)).secret("path-token", "s3cret-path");
        assert_eq!(elsewhere("/s3cret-path").unwrap_err().reason, "unsigned");
    }
    let _host = unsigned_host(OXANA);
    for path in ["", "/", "/wrong", "/s3cret-path/more"] {
        assert_eq!(elsewhere(path).unwrap_err().reason, "bad-signature", "{path}");
    }
    assert!(elsewhere("/s3cret-path").unwrap().events.is_empty(), "taken, though about nobody");
}

#[test]
fn keys_that_are_missing_are_our_fault() {
    let _host = Host::new().settings(format!(r#"{{"instance": "{OXANA}"}}"#)).secret("signing-keys", "");
    let refusal = Canvas::receive(post("https://x.example", &[], b"YQ.YQ.YQ", 0)).unwrap_err();
    assert_eq!(refusal.reason, "unavailable");
    assert!(refusal.detail.contains("signing-keys"), "{}", refusal.detail);
}

#[test]
fn another_instance_is_refused() {
    let _host = unsigned_host("https://canvas.example.edu");
    assert_eq!(deliver(&live("course_completed", "", "{}")).unwrap_err().reason, "unsupported");
}

#[test]
fn local_ids_become_global_only_when_they_are_the_same() {
    let _host = unsigned_host(OXANA);
    let name = |actor: &str, author: &str| {
        let metadata = format!(r#", "user_id": "{actor}""#);
        let body = format!(r#"{{"discussion_entry_id": 1, "discussion_topic_id": 2, "user_id": {author}}}"#);
        match one(&live("discussion_entry_created", &metadata, &body)).subject.identifiers.remove(0) {
            Identifier::Account(account) => account.name,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(name("21070000000000123", "123"), "21070000000000123");
    assert_eq!(name("21070000000000123", "124"), "124");
    assert_eq!(name("21070000000000123", "\"21070000000000123\""), "21070000000000123");
}

#[test]
fn outcomes_count_only_when_mastered() {
    let _host = unsigned_host(OXANA);
    let outcome = |mastery: &str| {
        let body = format!(
            r#"{{"learning_outcome_id": 5, "user_uuid": "u-1", "mastery": {mastery}, "score": 3, "possible": 4}}"#
        );
        deliver(&live("learning_outcome_result_created", "", &body)).unwrap().events
    };
    assert_eq!(outcome("true")[0].kind, "outcome.mastered");
    assert!(outcome("false").is_empty() && outcome("null").is_empty());
}

#[test]
fn unknown_events_are_acknowledged() {
    let _host = unsigned_host(OXANA);
    let reception = deliver(&live("logged_in", "", "{}")).unwrap();
    assert_eq!((reception.response.status, reception.events.len()), (200, 0));
}

#[test]
fn hostile_bodies_are_refused_with_a_reason() {
    let _host = unsigned_host(OXANA);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for body in ["", "{", "[]", "null", "{\"metadata\": 1}", "{\"metadata\": {\"event_name\": \"x\"}}", &deep] {
        assert_eq!(deliver(body).unwrap_err().reason, "malformed", "{body:.40}");
    }
    assert_eq!(deliver(&"x".repeat(600_000)).unwrap_err().reason, "malformed");
    let broken = [0xff, 0xfe];
    assert_eq!(Canvas::receive(post("https://x.example", &[], &broken, 0)).unwrap_err().reason, "malformed");
}
