//! Each fault gets a precise answer, and nothing is half-written.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use bytes::Bytes;
use laurel_tests::discourse::Delivery;
use laurel_tests::hubspot::Notification;
use laurel_tests::{Answer, Client, Host, Program};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

struct Place {
    host: Host,
    client: Client,
    program: Program,
}

async fn place() -> Place {
    let host = Host::start(None);
    let mut client = host.client();
    let program = Program::forum(&mut client).await;
    Place { host, client, program }
}

/// An RFC 9457 problem document with this status, whose text mentions what is to be changed.
#[track_caller]
fn assert_problem(answer: &Answer, status: u16, mentions: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let problem = answer.json();
    for member in ["type", "title", "status"] {
        assert!(!problem[member].is_null(), "no {member} in {problem}");
    }
    assert!(answer.text().contains(mentions), "{mentions:?} is not mentioned in {problem}");
}

async fn event_token(place: &mut Place) -> String {
    let assertions =
        json!({ "source": "https://lms.example.org", "namespaces": ["https://lms.example.org"], "kinds": ["*"] });
    let body = json!({ "name": "lms", "scopes": ["events"], "assertions": assertions });
    let token = place.client.post(&place.program.path("tokens"), &body).await.expect(201);
    token["secret"].as_str().unwrap().to_owned()
}

fn cloud_event(id: &str) -> Value {
    json!({
        "specversion": "1.0",
        "id": id,
        "source": "https://lms.example.org",
        "type": "course.completed",
        "time": "2026-03-02T10:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "subject": { "identifiers": [{ "type": "account", "home_page": "https://lms.example.org", "name": "7" }] },
            "object": { "type": "course", "id": "https://lms.example.org/c/1" },
        },
    })
}

async fn send_event(client: &mut Client, body: impl Into<Bytes>) -> Answer {
    let headers = [("content-type", "application/cloudevents+json")];
    client.try_send("POST", "/v1/events", &headers, body.into()).await.unwrap()
}

#[tokio::test]
async fn events() {
    let mut place = place().await;
    let token = event_token(&mut place).await;
    let mut sender = Client::new(place.host.address(), Some(&token));
    let truncated = &cloud_event("1").to_string()[..60];
    assert_problem(&send_event(&mut sender, truncated.to_owned()).await, 400, "JSON");
    let mut future = cloud_event("2");
    future["time"] = json!("2199-01-01T00:00:00Z");
    assert_problem(&send_event(&mut sender, future.to_string()).await, 422, "clock");
    let mut foreign = cloud_event("3");
    foreign["data"]["subject"]["identifiers"][0]["home_page"] = json!("https://bank.example.org");
    assert_problem(&send_event(&mut sender, foreign.to_string()).await, 422, "https://bank.example.org");
    let mut ours = cloud_event("4");
    ours["type"] = json!("laurel:merge-in");
    assert_problem(&send_event(&mut sender, ours.to_string()).await, 422, "laurel:");
    let deep = format!("{{\"specversion\":\"1.0\",\"data\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_problem(&send_event(&mut sender, deep).await, 400, "deep");
    let mut anonymous = place.host.visitor();
    assert_problem(&send_event(&mut anonymous, cloud_event("5").to_string()).await, 401, "token");
    let good = send_event(&mut sender, cloud_event("6").to_string()).await;
    assert_eq!(good.status, 202, "{}", good.text());
    let again = send_event(&mut sender, cloud_event("6").to_string()).await;
    assert_eq!(again.status, 200, "{}", again.text());
    let mut other = cloud_event("6");
    other["data"]["object"]["id"] = json!("https://lms.example.org/c/2");
    assert_problem(&send_event(&mut sender, other.to_string()).await, 409, "durable already");
    place.program.settled(&place.host).await;
    let subjects = place.program.list(&mut place.client, "subjects").await;
    assert_eq!(subjects.len(), 1, "only the good event left a trace: {subjects:?}");
}

#[tokio::test]
async fn a_hundred_megabytes_are_not_read() {
    let mut place = place().await;
    let token = event_token(&mut place).await;
    let mut stream = TcpStream::connect(place.host.address()).unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/cloudevents+json\r\ncontent-length: 104857600\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = vec![b' '; 1 << 16];
    let mut written = 0;
    while written < 104_857_600 && stream.write_all(&chunk).is_ok() {
        written += chunk.len();
    }
    let mut answer = String::new();
    // The host may close with our bytes unread: then the answer is cut off by a reset, which is an answer too.
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(written < 104_857_600, "everything was read");
    assert_eq!(place.client.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn deliveries() {
    let mut place = place().await;
    let mut forum = place.host.visitor();
    let delivery = Delivery::solution(1, 2, 3);
    let hook = place.program.discourse_hook();
    let good = delivery.headers();
    let without = |name: &str| good.iter().filter(|(known, _)| *known != name).cloned().collect::<Vec<_>>();
    let unsigned = send(&mut forum, &hook, &without("x-discourse-event-signature"), &delivery.body).await;
    assert_problem(&unsigned, 401, "sign");
    let tampered = Bytes::from([&delivery.body[..], b" "].concat());
    assert_problem(&send(&mut forum, &hook, &good, &tampered).await, 401, "signature");
    let nowhere = "/hooks/0198f3a0-0000-7000-8000-000000000000";
    assert_problem(&send(&mut forum, nowhere, &good, &delivery.body).await, 404, "installation");
    assert_eq!(send(&mut forum, &hook, &good, &delivery.body).await.status / 100, 2);
    place.program.settled(&place.host).await;
    assert_eq!(place.program.list(&mut place.client, "subjects").await.len(), 1);
}

/// What was signed rightly, but five minutes ago or for a clock far ahead, may have been overheard: it is not taken.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "HubSpot signs with its own clock")]
async fn stale_deliveries() {
    let Place { host, mut client, mut program } = place().await;
    program.install_hubspot(&mut client).await;
    let (hook, mut portal) = (program.hook("hubspot"), host.visitor());
    let url = format!("{}{hook}", host.base_url());
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let deal = Notification::deal_won(1, now);
    for (moment, status) in [(now - 6 * 60_000, 401), (now + 60 * 60_000, 401), (now, 204)] {
        let answer = send(&mut portal, &hook, &deal.headers(&url, moment), &deal.body).await;
        match status {
            401 => assert_problem(&answer, 401, "stale"),
            _ => assert_eq!(answer.status / 100, 2, "{}", answer.text()),
        }
    }
    program.settled(&host).await;
    assert_eq!(program.list(&mut client, "subjects").await.len(), 1, "one deal, once");
}

async fn send(client: &mut Client, path: &str, headers: &[(&'static str, String)], body: &Bytes) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.try_send("POST", path, &headers, body.clone()).await.unwrap()
}

#[tokio::test]
async fn what_operators_and_managers_get_wrong() {
    let Place { host: _host, mut client, program } = place().await;
    let headers = [("content-type", "application/wasm")];
    let no_wasm = client.try_send("POST", "/v1/plugins", &headers, Bytes::from_static(b"not wasm")).await.unwrap();
    assert_problem(&no_wasm, 422, "component");
    let module = Bytes::from_static(b"\0asm\x01\0\0\0");
    let module = client.try_send("POST", "/v1/plugins", &headers, module).await.unwrap();
    assert_problem(&module, 422, "component");
    let nowhere = client.get("/v1/organisations/nobody/achievements").await;
    assert_problem(&nowhere, 404, "organisation");
    let text = json!({ "name": "Nothing", "description": "Nothing to do.", "criteria": " " });
    let empty = client.post(&program.path("achievements"), &json!({ "kind": "credential", "text": text })).await;
    assert_problem(&empty, 422, "/text/criteria");
    let settings = json!({ "plugin": program.plugins["discourse"], "name": "x", "settings": { "instance": 7 } });
    let unfit = client.post(&program.path("installations"), &settings).await;
    assert_problem(&unfit, 422, "/settings/instance");
    let rule = json!({
        "achievement": program.achievements["Helper"],
        "installation": program.installations["recipe"],
        "settings": { "requirement": { "measure": "count", "events": "solution.accepted" } },
    });
    assert_problem(&client.post(&program.path("rules"), &rule).await, 422, "at-least");
    let stray = json!({ "kind": "credential", "text": text, "organisation_id": "x" });
    assert_problem(&client.post(&program.path("achievements"), &stray).await, 422, "organisation_id");
    assert_eq!(program.list(&mut client, "achievements").await.len(), 3, "nothing was half-written");
    assert_eq!(program.list(&mut client, "rules").await.len(), 3);
    assert_eq!(program.list(&mut client, "installations").await.len(), 2);
}

/// Connections that say nothing, or say it too slowly, are closed; and meanwhile others are served.
#[tokio::test]
async fn slow_and_idle_connections_are_closed() {
    let mut place = place().await;
    let silent = TcpStream::connect(place.host.address()).unwrap();
    let mut slow = TcpStream::connect(place.host.address()).unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ").unwrap();
    assert_eq!(place.client.get("/healthz").await.status, 200);
    let closed = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        for mut stream in [silent, slow] {
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let mut rest = Vec::new();
            let ended = stream.read_to_end(&mut rest);
            assert!(ended.is_ok() || ended.unwrap_err().kind() == std::io::ErrorKind::ConnectionReset);
        }
        begun.elapsed()
    });
    assert!(closed.await.unwrap() < Duration::from_secs(30));
}
