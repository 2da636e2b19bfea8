//! `POST /v1/events`.

use axum::body::Body;
use axum::http::Request;
use laurel_core::bell::Work;
use laurel_core::id::Partition;
use serde_json::{Value, json};

use crate::app::{Answer, App};

async fn sender(app: &App) -> String {
    app.organisation("acme").await;
    let assertions = json!({
        "source": "https://lms.example.org", "namespaces": ["https://lms.example.org"], "kinds": ["course.*"]
    });
    app.token("acme", json!({ "name": "lms", "scopes": ["events"], "assertions": assertions })).await
}

fn event(id: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "https://lms.example.org", "type": "course.completed",
        "time": "2026-03-01T08:00:00Z", "subject": "https://lms.example.org#17", "data": { "score": 1 },
    })
}

async fn post(app: &App, token: &str, content_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post("/v1/events")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", content_type);
    app.send(request.body(body.into()).unwrap()).await
}

async fn single(app: &App, token: &str, event: &Value) -> Answer {
    post(app, token, "application/cloudevents+json; charset=utf-8", event.to_string()).await
}

#[tokio::test]
async fn an_event_is_taken_once() {
    let app = App::start().await;
    let token = sender(&app).await;
    let first = single(&app, &token, &event("1")).await.expect(202);
    assert_eq!((&first["items"][0]["status"], &first["items"][0]["seq"]), (&json!("accepted"), &json!(1)));
    // The first ring was for the new organisation's status list.
    let partition = Partition(i32::try_from(first["items"][0]["partition"].as_i64().unwrap()).unwrap());
    let rung = app.bell.0.lock().unwrap().clone();
    assert_eq!(rung, [Work::Statuses, Work::Events(std::iter::once(partition).collect())]);
    let again = single(&app, &token, &event("1")).await.expect(200);
    assert_eq!(again["items"][0]["status"], "duplicate");
    assert_eq!(again["items"][0]["received"], first["items"][0]["received"]);
    let mut other = event("1");
    other["data"]["score"] = json!(2);
    single(&app, &token, &other).await.problem(409, "conflict");
    let metrics = app.get("/metrics").await.text();
    assert!(metrics.contains("laurel_events_total{status=\"accepted\"} 1"), "{metrics}");
    assert!(metrics.contains("laurel_lag_events 1"), "{metrics}");
}

#[tokio::test]
async fn a_batch_has_a_receipt_for_each() {
    let app = App::start().await;
    let token = sender(&app).await;
    single(&app, &token, &event("1")).await.expect(202);
    let mut conflict = event("1");
    conflict["type"] = json!("course.started");
    let batch = json!([event("1"), event("2"), conflict]).to_string();
    let receipts = post(&app, &token, "application/cloudevents-batch+json", batch).await.expect(202);
    let statuses: Vec<_> = receipts["items"].as_array().unwrap().iter().map(|item| item["status"].clone()).collect();
    assert_eq!(statuses, ["duplicate", "accepted", "conflict"]);
    let mut ahead = event("4");
    ahead["time"] = json!("2027-01-01T00:00:00Z");
    let batch = json!([event("3"), ahead]).to_string();
    let problem = post(&app, &token, "application/cloudevents-batch+json", batch).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/1/time");
    assert!(problem["detail"].as_str().unwrap().contains("clock"), "{problem}");
    let receipts = single(&app, &token, &event("3")).await.expect(202);
    assert_eq!(receipts["items"][0]["status"], "accepted", "nothing of the refused batch was written");
}

#[tokio::test]
async fn attributes_in_headers() {
    let app = App::start().await;
    let token = sender(&app).await;
    let request = || {
        Request::post("/v1/events?access_token=".to_owned() + &token)
            .header("content-type", "application/json")
            .header("ce-specversion", "1.0")
            .header("ce-id", "1")
            .header("ce-source", "https://lms.example.org")
            .header("ce-type", "course.completed")
            .header("ce-subject", "https://lms.example.org%2317")
    };
    let body = || Body::from(r#"{"score": 1}"#);
    let first = app.send(request().body(body()).unwrap()).await.expect(202);
    assert_eq!(first["items"][0]["id"], "1");
    app.clock.forward(60_000);
    let again = app.send(request().body(body()).unwrap()).await.expect(200);
    assert_eq!(again["items"][0]["status"], "duplicate", "without a time, a repetition is the same event");
    let mut about_another = request().body(body()).unwrap();
    about_another.headers_mut().insert("ce-subject", "https://lms.example.org%2318".parse().unwrap());
    app.send(about_another).await.problem(409, "conflict");
    app.send(request().header("ce-datacontenttype", "application/json").body(body()).unwrap())
        .await
        .problem(400, "malformed");
    app.send(request().header("ce-time", "%C0%A0").body(body()).unwrap()).await.problem(400, "malformed");
}

#[tokio::test]
async fn a_subject_in_the_data_is_taken_out() {
    let app = App::start().await;
    let token = sender(&app).await;
    let mut event = event("1");
    let account = json!({ "type": "account", "home_page": "https://lms.example.org", "name": "17" });
    event["data"]["subject"] = json!({ "kind": "person", "identifiers": [account] });
    event.as_object_mut().unwrap().remove("subject");
    let receipts = single(&app, &token, &event).await.expect(202);
    let organisation = app.get("/v1/organisations/acme").await.expect(200)["id"].as_str().unwrap().parse().unwrap();
    let stored = app.house.store.event(organisation, "https://lms.example.org", "1").await.unwrap().unwrap();
    assert_eq!(stored.data.as_deref(), Some(r#"{"score":1}"#));
    assert_eq!(receipts["items"][0]["subject"], stored.subject.to_string());
}

#[tokio::test]
async fn nobody_claims_what_was_not_granted() {
    let app = App::start().await;
    let token = sender(&app).await;
    for (member, value, pointer) in [
        ("type", json!("laurel:wake"), "/type"),
        ("type", json!("deal.won"), "/type"),
        ("source", json!("laurel:awards"), "/source"),
        ("subject", json!("https://other.example#1"), "/data/subject"),
        ("subject", json!("mailto:ada@example.org"), "/data/subject"),
        ("subject", json!("ada"), "/subject"),
        ("time", json!("soon"), "/time"),
        ("data", json!("text"), "/data"),
        ("data", json!({ "x": "y".repeat(65 * 1024) }), "/data"),
    ] {
        let mut event = event("1");
        event[member] = value;
        let problem = single(&app, &token, &event).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    single(&app, &app.admin, &event("1")).await.problem(403, "forbidden");
    single(&app, "nonsense", &event("1")).await.problem(401, "unauthorized");
}

#[tokio::test]
async fn bodies_that_are_no_events() {
    let app = App::start().await;
    let token = sender(&app).await;
    let structured = "application/cloudevents+json";
    post(&app, &token, structured, "{\"id\": ").await.problem(400, "malformed");
    post(&app, &token, structured, "[".repeat(100_000)).await.problem(400, "malformed");
    let twice = event("1").to_string().replacen("{\"", "{\"id\":\"0\",\"", 1);
    let problem = post(&app, &token, structured, twice).await.problem(400, "malformed");
    assert!(problem["detail"].as_str().unwrap().contains("twice"), "{problem}");
    post(&app, &token, structured, vec![b' '; 5 << 20]).await.problem(413, "too-large");
    post(&app, &token, "text/plain", "hello").await.problem(415, "unsupported-media-type");
    post(&app, &token, "application/cloudevents+avro", "x").await.problem(415, "unsupported-media-type");
    post(&app, &token, "application/cloudevents-batch+json", "{}").await.problem(400, "malformed");
}

#[tokio::test]
async fn the_handshake() {
    let app = App::start().await;
    let request = Request::options("/v1/events").header("webhook-request-origin", "lms.example.org");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["webhook-allowed-origin"], "lms.example.org");
    assert_eq!(answer.headers["allow"], "POST, OPTIONS");
}
