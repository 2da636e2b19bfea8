//! Discourse: the signed requests of the corpus, its samples, and what must be refused.

use laurel_plugin::hook::{Reception, Refusal};
use laurel_plugin::keys::Digest;
use laurel_plugin::testing::{Host, hmac, post};
use laurel_plugin::{Hook, Identifier};

use crate::Discourse;

#[path = "../../corpus.rs"]
mod corpus;

const FORUM: &str = "https://forum.example.org";
const NOW: i64 = 1_785_000_000_000;

fn host(instance: &str) -> Host {
    Host::new().settings(format!(r#"{{"instance": "{instance}"}}"#)).secret("webhook-secret", "shh")
}

fn sign(body: &str) -> String {
    let hex = hmac(Digest::Sha256, "shh", body.as_bytes())
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    format!("sha256={hex}")
}

/// A delivery signed as Discourse does, received at `NOW`.
fn deliver(kind: &str, name: &str, id: Option<&str>, body: &str) -> Result<Reception, Refusal> {
    let signature = sign(body);
    let mut headers = vec![
        ("x-discourse-event-type", kind),
        ("X-DISCOURSE-EVENT", name),
        ("X-Discourse-Event-Signature", &signature),
    ];
    headers.extend(id.map(|id| ("X-Discourse-Event-Id", id)));
    Discourse::receive(post("https://badges.example.org/hooks/x", &headers, body.as_bytes(), NOW))
}

fn like(post: i64, author: &str, liker: i64) -> String {
    format!(
        r#"{{"like":{{"post":{{"id":{post},"user_id":{author},"username":"ada"}},"user":{{"id":{liker},"username":"bob"}}}}}}"#
    )
}

#[test]
fn signed_requests_are_decided_as_marked() {
    for vector in corpus::vectors("discourse") {
        let instance = vector["headers"]["X-Discourse-Instance"].as_str().unwrap_or(FORUM);
        let secret = vector["secret"].as_str().unwrap();
        let settings = format!(r#"{{"instance": "{instance}"}}"#);
        {
            let _host = Host::new().settings(&settings).secret("webhook-secret", secret);
            let result = Discourse::receive(corpus::request(&vector));
            assert_eq!(result.is_ok(), vector["valid"].as_bool().unwrap(), "{}: {result:?}", vector["name"]);
        }
        let _host = Host::new().settings(&settings).secret("webhook-secret", "another");
        assert_eq!(Discourse::receive(corpus::request(&vector)).unwrap_err().reason, "bad-signature");
    }
}

#[test]
fn samples_become_what_is_expected() {
    for expected in corpus::expected("discourse") {
        let sample = corpus::json(expected["file"].as_str().unwrap()).unwrap();
        let headers = &sample["headers"];
        let instance = headers["X-Discourse-Instance"].as_str().unwrap_or(FORUM);
        let text = |name: &str, other: &'static str| headers[name].as_str().unwrap_or(other).to_owned();
        let (kind, name) =
            (text("X-Discourse-Event-Type", "user_badge"), text("X-Discourse-Event", "user_badge_granted"));
        let body = if sample["body"].is_null() { &sample } else { &sample["body"] };
        let _host = host(instance);
        let reception = deliver(&kind, &name, headers["X-Discourse-Event-Id"].as_str(), &body.to_string()).unwrap();
        assert_eq!(reception.events.len(), 1);
        corpus::assert_translated(&reception.events[0], &expected, instance);
    }
}

#[test]
fn an_unsigned_delivery_is_refused() {
    let _host = host(FORUM);
    let reason = |headers: &[(&str, &str)]| {
        Discourse::receive(post("https://x.example", headers, b"{}", NOW)).unwrap_err().reason
    };
    assert_eq!(reason(&[]), "unsigned");
    for signature in ["", "sha256=", "sha256=zz", "sha1=00", "sha256=00"] {
        assert_eq!(reason(&[("X-Discourse-Event-Signature", signature)]), "bad-signature", "{signature}");
    }
}

#[test]
fn a_like_names_the_post_and_the_liker_and_credits_the_author() {
    let _host = host(FORUM);
    for (name, kind) in [("post_liked", "post.liked"), ("post_unliked", "post.unliked")] {
        let event = deliver("like", name, Some("9"), &like(5, "7", 8)).unwrap().events.remove(0);
        assert_eq!((event.kind.as_str(), event.time), (kind, NOW), "a like has no time of its own");
        let [Identifier::Account(author)] = event.subject.identifiers.as_slice() else { panic!("one account") };
        assert_eq!((author.home_page.as_str(), author.name.as_str()), (FORUM, "7"));
        assert!(event.data.contains(r#""id":"https://forum.example.org/p/5""#), "{}", event.data);
        assert!(event.data.contains(r#""liker":"8""#), "{}", event.data);
    }
}

#[test]
fn retractions_and_recoveries_happen_now() {
    let _host = host(FORUM);
    let body = r#"{"post":{"id":5,"user_id":7,"created_at":"2026-01-01T00:00:00Z"}}"#;
    let event = |name: &str| deliver("post", name, Some("9"), body).unwrap().events.remove(0);
    assert_eq!(event("post_created").time, 1_767_225_600_000);
    assert_eq!((event("post_destroyed").kind.as_str(), event("post_destroyed").time), ("post.destroyed", NOW));
    assert_eq!(event("post_recovered").kind, "post.recovered");
    assert!(deliver("post", "post_edited", Some("9"), body).unwrap().events.is_empty());
}

#[test]
fn users_bring_their_email_if_it_can_be_one() {
    let _host = host(FORUM);
    let identifiers = |email: &str| {
        let body = format!(r#"{{"user":{{"id":7,"username":"ada","email":"{email}","external_id":"42"}}}}"#);
        deliver("user", "user_confirmed_email", Some("9"), &body).unwrap().events.remove(0).subject.identifiers
    };
    assert_eq!(identifiers("ada@example.org")[1], Identifier::Email("ada@example.org".into()));
    assert_eq!(identifiers("[TEST] ada@example.org").len(), 1);
}

#[test]
fn robots_and_the_deleted_are_nobody() {
    let _host = host(FORUM);
    for author in ["-1", "0", "null", "\"x\""] {
        assert!(deliver("like", "post_liked", Some("9"), &like(5, author, 8)).unwrap().events.is_empty(), "{author}");
    }
}

#[test]
fn our_own_badges_do_not_come_back() {
    let settings = format!(r#"{{"instance": "{FORUM}", "own-badges": [3], "own-users": [42]}}"#);
    let _host = Host::new().settings(settings).secret("webhook-secret", "shh");
    let taken = |badge: i64, by: i64| {
        let body = format!(r#"{{"user_badge":{{"id":1,"badge_id":{badge},"user_id":7,"granted_by_id":{by}}}}}"#);
        deliver("user_badge", "user_badge_granted", None, &body).unwrap().events.len()
    };
    assert_eq!([taken(3, -1), taken(4, 42), taken(4, -1)], [0, 0, 1]);
}

#[test]
fn the_forum_is_the_one_of_the_settings() {
    let _host = host(FORUM);
    let body = like(5, "7", 8);
    let signature = sign(&body);
    let headers = [
        ("X-Discourse-Event-Type", "like"),
        ("X-Discourse-Event", "post_liked"),
        ("X-Discourse-Event-Signature", &signature),
        ("X-Discourse-Instance", "https://evil.example"),
    ];
    let refusal = Discourse::receive(post("https://x.example", &headers, body.as_bytes(), NOW)).unwrap_err();
    assert_eq!(refusal.reason, "unsupported");
}

#[test]
fn what_the_headers_say_must_agree_with_the_body() {
    let _host = host(FORUM);
    assert_eq!(deliver("post", "post_created", Some("9"), &like(5, "7", 8)).unwrap_err().reason, "malformed");
    assert!(deliver("group", "group_created", Some("9"), r#"{"group":{"id":1}}"#).unwrap().events.is_empty());
    assert!(deliver("ping", "ping", None, r#"{"ping":"OK"}"#).unwrap().events.is_empty());
}

#[test]
fn hostile_bodies_are_refused_with_a_reason() {
    let _host = host(FORUM);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for body in ["", "{", "nul", "{\"like\":{}} x", &deep] {
        assert_eq!(deliver("like", "post_liked", Some("9"), body).unwrap_err().reason, "malformed", "{body:.40}");
    }
    assert_eq!(deliver("like", "post_liked", Some("9"), &" ".repeat(2_000_000)).unwrap_err().reason, "malformed");
}
