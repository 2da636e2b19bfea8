//! Bad input: each fault is a precise problem, and nothing is written.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn an_achievement_without_criteria() {
    let app = App::start().await;
    app.organisation("acme").await;
    let path = "/v1/organisations/acme/achievements";
    let without = json!({ "kind": "credential", "text": { "name": "EV", "description": "EVs." } });
    let problem = app.post(path, without).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/text");
    assert!(problem["detail"].as_str().unwrap().contains("criteria"), "{problem}");
    let blank = json!({ "kind": "credential", "text": { "name": "EV", "description": "EVs.", "criteria": " " } });
    let problem = app.post(path, blank).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/text/criteria");
    assert_eq!(app.get(path).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn unknown_members_are_refused_everywhere() {
    let app = App::start().await;
    app.organisation("acme").await;
    for (path, body) in [
        ("/v1/organisations", json!({ "slug": "b", "name": "B", "role": "admin" })),
        ("/v1/organisations/acme/tokens", json!({ "name": "x", "scopes": ["read"], "organisation": "b" })),
        ("/v1/organisations/acme/subjects", json!({ "kind": "person", "identifiers": [], "tenant_id": "b" })),
    ] {
        let problem = app.post(path, body).await.problem(422, "invalid");
        assert!(problem["detail"].as_str().unwrap().contains("unknown field"), "{path}: {problem}");
    }
}

#[tokio::test]
async fn what_is_no_json_or_too_much_of_it() {
    let app = App::start().await;
    let post = |content_type: &str, body: Body| {
        let request = Request::post("/v1/organisations").header("authorization", format!("Bearer {}", app.admin));
        request.header("content-type", content_type).body(body).unwrap()
    };
    app.send(post("application/json", Body::from("{\"slug\": \"a"))).await.problem(400, "malformed");
    app.send(post("text/plain", Body::from("{}"))).await.problem(415, "unsupported-media-type");
    let many = Body::from(vec![b' '; 5 * 1024 * 1024]);
    app.send(post("application/json", many)).await.problem(413, "too-large");
    let mut zipped = post("application/json", Body::from("{}"));
    zipped.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    app.send(zipped).await.problem(415, "unsupported-media-type");
}

#[tokio::test]
async fn places_and_methods_that_are_none() {
    let app = App::start().await;
    app.get("/v1/nothing").await.problem(404, "not-found");
    app.call(&app.admin, "DELETE", "/v1/organisations", &Value::Null).await.problem(405, "method-not-allowed");
    app.get("/v1/organisations/nobody").await.problem(404, "not-found");
    app.get("/v1/organisations/nobody/rules").await.problem(404, "not-found");
    let page = app.get("/problems/not-found").await;
    assert!(page.status == 200 && page.text().contains("404"), "{page:?}");
}

#[tokio::test]
async fn names_that_deceive() {
    let app = App::start().await;
    for (body, pointer) in [
        (json!({ "slug": "A b", "name": "Acme" }), "/slug"),
        (json!({ "slug": "a", "name": "Acme\u{202E}gro.live" }), "/name"),
        (json!({ "slug": "a", "name": "Acme", "url": "javascript:alert(1)" }), "/url"),
        (
            json!({ "slug": "a", "name": "A", "issuer": { "method": "did-web", "domain": "127.0.0.1", "path": ["a"] } }),
            "/issuer",
        ),
    ] {
        let problem = app.post("/v1/organisations", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}
