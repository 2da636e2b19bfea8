//! What anybody may read.

use axum::body::Body;
use axum::http::Request;
use laurel_core::status::{Changed, Purpose, StatusDocument, Topic};
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn a_status_list_is_cheap_to_ask_for_again() {
    let app = App::start().await;
    app.organisation("acme").await;
    let list = app.house.store.changed_status_lists(Changed::Any, None, 1).await.unwrap()[0];
    let changed = app.house.store.changed_status_list(list).await.unwrap().unwrap();
    let path = format!("/status/{}/revocation", changed.list.public_id);
    app.get(&path).await.problem(404, "not-found");
    let topic = Topic::Purpose(Purpose::Revocation);
    let document = StatusDocument { topic, digest: [0; 32], bytes: b"{}".to_vec() };
    app.house.store.publish_status_list(&changed, &[document], app.house.clock.now()).await.unwrap();
    let first = app.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!((first.status.as_u16(), first.text().as_str()), (200, "{}"));
    assert!(first.headers["cache-control"].to_str().unwrap().contains("max-age"));
    let again = Request::get(&path).header("if-none-match", first.headers["etag"].clone());
    let again = app.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    app.get(&format!("/status/{}/message", changed.list.public_id)).await.problem(404, "not-found");
}

#[tokio::test]
async fn health() {
    let app = App::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = app.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "ok\n"));
    }
    let status = app.get("/v1/status").await.expect(200);
    assert_eq!((&status["lag"], &status["broken_plugins"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn an_issuer_at_the_root_of_its_domain() {
    let app = App::start().await;
    for (slug, domain) in [("one", "one.example"), ("two", "two.example")] {
        let issuer = json!({ "method": "did-web", "domain": domain, "path": [] });
        app.post("/v1/organisations", json!({ "slug": slug, "name": slug, "issuer": issuer })).await.expect(201);
    }
    let request = Request::get("/.well-known/did.json").header("host", "two.example").body(Body::empty()).unwrap();
    assert_eq!(app.send(request).await.expect(200)["id"], "did:web:two.example");
    let request = Request::get("/.well-known/did.json").header("host", "three.example").body(Body::empty()).unwrap();
    app.send(request).await.problem(404, "not-found");
}
