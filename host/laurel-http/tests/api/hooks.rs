//! `/hooks/{installation}/…`.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App, connector};

async fn installed(app: &App, assertions: Value) -> String {
    app.organisation("acme").await;
    let plugin = app.plugin(connector()).await;
    let body = json!({
        "plugin": plugin, "name": "LMS", "secrets": { "key": ["s3cret"] },
        "grant": { "capabilities": ["keys"], "secrets": ["key"], "assertions": assertions },
    });
    let made = app.post("/v1/organisations/acme/installations", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

fn usual() -> Value {
    json!({ "namespaces": ["https://lms.example.org"], "kinds": ["course.completed"] })
}

async fn deliver(app: &App, path: &str, secret: &str, body: &str) -> Answer {
    let request = Request::post(path).header("x-secret", secret);
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn stored(app: &App, source: &str, id: &str) -> bool {
    let organisation = app.get("/v1/organisations/acme").await.expect(200)["id"].as_str().unwrap().parse().unwrap();
    app.house.store.event(organisation, source, id).await.unwrap().is_some()
}

#[tokio::test]
async fn a_delivery_becomes_events_before_the_partner_hears() {
    let app = App::start().await;
    let id = installed(&app, usual()).await;
    let answer = deliver(&app, &format!("/hooks/{id}/live/x%20y?a=%2F&b"), "s3cret", "17|course.completed").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "thanks"));
    assert!(stored(&app, &format!("installation:{id}"), "17|course.completed").await);
    let seen = app.sandbox.seen.lock().unwrap().pop().unwrap();
    assert_eq!(seen.url, format!("https://badges.example.org/hooks/{id}/live/x%20y?a=%2F&b"));
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str(), seen.body.as_slice()),
        ("POST", "/live/x%20y", &b"17|course.completed"[..])
    );
    let metrics = app.get("/metrics").await.text();
    assert!(metrics.contains("laurel_hooks_total{status=\"taken\"} 1"), "{metrics}");
}

#[tokio::test]
async fn refusals_are_problems() {
    let app = App::start().await;
    let id = installed(&app, usual()).await;
    let path = format!("/hooks/{id}");
    let problem = deliver(&app, &path, "wrong", "17|course.completed").await.problem(401, "delivery-refused");
    assert_eq!(problem["reason"], "bad-signature");
    deliver(&app, &path, "s3cret", "nonsense").await.problem(400, "delivery-refused");
    deliver(&app, &path, "s3cret", "trap").await.problem(502, "plugin-failed");
    deliver(&app, &format!("/hooks/{}", id.replace('0', "1")), "s3cret", "x").await.problem(404, "not-found");
    deliver(&app, "/hooks/nonsense", "s3cret", "x").await.problem(404, "not-found");
    deliver(&app, &path, "s3cret", &"x".repeat(5 << 20)).await.problem(413, "too-large");
    let change = format!("/v1/organisations/acme/installations/{id}");
    app.call(&app.admin, "PATCH", &change, &json!({ "enabled": false })).await.expect(200);
    deliver(&app, &path, "s3cret", "17|course.completed").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_connector_claims_only_what_was_granted() {
    let app = App::start().await;
    let elsewhere = json!({ "source": "urn:lms", "namespaces": ["https://elsewhere.example"], "kinds": ["course.*"] });
    let id = installed(&app, elsewhere).await;
    let path = format!("/hooks/{id}");
    let problem = deliver(&app, &path, "s3cret", "17|course.completed").await.problem(422, "delivery-refused");
    assert_eq!(problem["reason"], "not-granted");
    assert!(!stored(&app, "urn:lms", "17|course.completed").await);
    let change = format!("/v1/organisations/acme/installations/{id}");
    let grant = json!({ "grant": { "secrets": ["key"], "assertions": usual() } });
    app.call(&app.admin, "PATCH", &change, &grant).await.expect(200);
    let answer = deliver(&app, &path, "s3cret", "17|course.started").await;
    assert_eq!(answer.text(), "thanks", "a kind the operator does not want is left out");
    assert!(!stored(&app, &format!("installation:{id}"), "17|course.started").await);
    deliver(&app, &path, "s3cret", "18|course.completed").await;
    let found = app.get("/v1/organisations/acme/subject?identifier=https://lms.example.org%2318").await.expect(200);
    assert_eq!(found["identifiers"].as_array().unwrap().len(), 1, "an e-mail address that was not granted is left out");
    assert_eq!(found["provisional"], true);
}
