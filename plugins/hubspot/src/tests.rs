//! HubSpot: the signed requests of the corpus, its samples, and what must be refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use laurel_plugin::hook::{Reception, Refusal};
use laurel_plugin::keys::Digest;
use laurel_plugin::testing::{Host, hmac, post};
use laurel_plugin::{Hook, Identifier};

use crate::HubSpot;

#[path = "../../corpus.rs"]
mod corpus;

const URL: &str = "https://badges.example.org/hooks/x?a=%2Fb";
const NOW: i64 = 1_784_534_401_000;

fn host(settings: &str) -> Host {
    Host::new().settings(settings).secret("client-secret", "shh")
}

/// A delivery signed as HubSpot does.
fn deliver(body: &str) -> Result<Reception, Refusal> {
    let message = format!("POSThttps://badges.example.org/hooks/x?a=/b{body}{NOW}");
    let signature = BASE64.encode(hmac(Digest::Sha256, "shh", message.as_bytes()));
    let now = NOW.to_string();
    let headers = [("x-hubspot-signature-V3", signature.as_str()), ("x-hubspot-request-timestamp", &now)];
    HubSpot::receive(post(URL, &headers, body.as_bytes(), NOW + 10))
}

fn change(object: &str, property: &str, value: &str) -> String {
    format!(
        r#"{{"eventId":1,"portalId":62515,"occurredAt":1784534400000,"subscriptionType":"{object}.propertyChange","objectId":7,"propertyName":"{property}","propertyValue":"{value}"}}"#
    )
}

fn kinds(body: &str) -> Vec<String> {
    deliver(body).unwrap().events.into_iter().map(|event| event.kind).collect()
}

#[test]
fn signed_requests_are_decided_as_marked() {
    for vector in corpus::vectors("hubspot") {
        let _host = Host::new().secret("client-secret", vector["secret"].as_str().unwrap());
        let result = HubSpot::receive(corpus::request(&vector));
        assert_eq!(result.is_ok(), vector["valid"].as_bool().unwrap(), "{}: {result:?}", vector["name"]);
        match vector["name"].as_str().unwrap() {
            "hubspot-v3-batch" => assert_eq!(result.unwrap().events.len(), 2),
            "hubspot-v3-stale" => assert_eq!(result.unwrap_err().reason, "stale"),
            "hubspot-v1-sdk" => assert_eq!(result.unwrap_err().reason, "unsigned"),
            _ => assert!(result.unwrap().events.is_empty()),
        }
    }
}

#[test]
fn samples_become_what_is_expected() {
    let _host = host("{}");
    for expected in corpus::expected("hubspot") {
        let body = corpus::read(expected["file"].as_str().unwrap()).unwrap();
        let events = deliver(&body).unwrap().events;
        if expected["emit"] == false {
            assert!(events.is_empty(), "{}", expected["file"]);
            continue;
        }
        assert_eq!(events.len(), 2, "three notifications, one of them twice");
        let won = events.iter().find(|event| event.kind == "deal.won").unwrap();
        corpus::assert_translated(won, &expected, "https://app.hubspot.com/portal/62515");
        let changed = &events[0];
        assert_eq!((changed.kind.as_str(), changed.time), ("contact.property_changed", 1_784_534_390_000));
        assert!(changed.data.contains(r#""property":"certification_count","value":"4""#), "{}", changed.data);
    }
}

#[test]
fn the_signed_time_is_bounded_both_ways() {
    let _host = host("{}");
    let at = |received: i64, timestamp: &str| {
        let message = format!("POSThttps://badges.example.org/hooks/x?a=/b[]{timestamp}");
        let signature = BASE64.encode(hmac(Digest::Sha256, "shh", message.as_bytes()));
        let headers = [("X-HubSpot-Signature-v3", signature.as_str()), ("X-HubSpot-Request-Timestamp", timestamp)];
        HubSpot::receive(post(URL, &headers, b"[]", received)).map_err(|refusal| refusal.reason)
    };
    let now = NOW.to_string();
    for received in [NOW - 300_000, NOW, NOW + 300_000] {
        assert!(at(received, &now).is_ok());
    }
    for received in [NOW - 300_001, NOW + 300_001] {
        assert_eq!(at(received, &now).unwrap_err(), "stale");
    }
    for timestamp in ["", "178453440100", "NaN", "17845344010000", "1784534401e00"] {
        assert_eq!(at(NOW, timestamp).unwrap_err(), "unsigned", "{timestamp}");
    }
}

#[test]
fn any_change_of_the_request_breaks_the_signature() {
    let _host = host("{}");
    let message = format!("POSThttps://badges.example.org/hooks/x?a=/b[]{NOW}");
    let signature = BASE64.encode(hmac(Digest::Sha256, "shh", message.as_bytes()));
    let now = NOW.to_string();
    let later = (NOW + 1).to_string();
    let reason = |url: &str, signature: &str, time: &str, body: &[u8]| {
        let headers = [("X-HubSpot-Signature-v3", signature), ("X-HubSpot-Request-Timestamp", time)];
        HubSpot::receive(post(url, &headers, body, NOW)).map_err(|refusal| refusal.reason)
    };
    assert!(reason(URL, &signature, &now, b"[]").is_ok());
    assert_eq!(
        reason("https://badges.example.org/hooks/y?a=/b", &signature, &now, b"[]").unwrap_err(),
        "bad-signature"
    );
    assert_eq!(reason(URL, &signature, &later, b"[]").unwrap_err(), "bad-signature");
    assert_eq!(reason(URL, &signature, &now, b"[ ]").unwrap_err(), "bad-signature");
    assert_eq!(reason(URL, "not base64!", &now, b"[]").unwrap_err(), "bad-signature");
    let unsigned = HubSpot::receive(post(URL, &[], b"[]", NOW)).unwrap_err();
    assert_eq!(unsigned.reason, "unsigned");
}

#[test]
fn rotation_keeps_the_old_secret_for_a_while() {
    let _host = Host::new().secret("client-secret", "new").secret("client-secret", "shh");
    assert!(deliver("[]").is_ok());
}

#[test]
fn stages_are_the_portals_own() {
    let _host = host(r#"{"won-stages": ["appointmentscheduled", "12345"], "lost-stages": []}"#);
    assert_eq!(kinds(&change("deal", "dealstage", "12345")), ["deal.won"]);
    assert_eq!(kinds(&change("deal", "dealstage", "closedwon")), ["deal.progressed"]);
    assert!(kinds(&change("deal", "amount", "5")).is_empty());
}

#[test]
fn a_deal_rests_on_an_account_of_the_portal() {
    let _host = host(r#"{"instance": "https://crm.example.org", "portal": 62515}"#);
    let event = deliver(&change("deal", "dealstage", "closedlost")).unwrap().events.remove(0);
    assert_eq!(event.kind, "deal.lost");
    let [Identifier::Account(account)] = event.subject.identifiers.as_slice() else { panic!("one account") };
    assert_eq!((account.home_page.as_str(), account.name.as_str()), ("https://crm.example.org", "deal:7"));
    let other = change("deal", "dealstage", "closedwon").replace("62515", "62516");
    assert!(kinds(&other).is_empty(), "another portal");
}

#[test]
fn sensitive_values_are_not_values() {
    let _host = host(r#"{"contact-properties": ["certificate"]}"#);
    let event = deliver(&change("contact", "certificate", "REDACTED")).unwrap().events.remove(0);
    assert!(event.data.contains(r#""redacted":"true""#) && !event.data.contains("REDACTED"), "{}", event.data);
    assert!(kinds(&change("contact", "firstname", "Ada")).is_empty(), "not asked for");
}

#[test]
fn hostile_bodies_are_refused_with_a_reason() {
    let host = host("{}");
    let reason = |body: &str| deliver(body).unwrap_err().reason;
    let whole = format!("[{}]", change("deal", "dealstage", "closedwon"));
    assert_eq!(reason(&whole[..whole.len() - 5]), "malformed", "cut off");
    assert_eq!(reason(&format!("{}{}", "[".repeat(5000), "]".repeat(5000))), "malformed");
    assert_eq!(reason("[1]"), "malformed");
    assert_eq!(reason("\"text\""), "malformed");
    assert_eq!(reason(&format!("[{}]", vec!["{}"; 101].join(","))), "malformed");
    assert_eq!(reason(&change("deal", "dealstage", "closedwon").replace("1784534400000", "1e99")), "malformed");
    let half = format!("[{}, {{}}]", change("deal", "dealstage", "closedwon"));
    assert_eq!(kinds(&half), ["deal.won"], "what is whole is taken");
    assert!(host.lines().iter().any(|line| line.contains("1 notifications skipped")), "{:?}", host.lines());
}
