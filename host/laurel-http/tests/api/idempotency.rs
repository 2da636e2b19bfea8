//! A request that is repeated gets the first answer.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App};

async fn keyed(app: &App, key: &str, path: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {}", app.admin))
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn the_same_request_happens_once() {
    let app = App::start().await;
    let body = json!({ "slug": "acme", "name": "Acme" });
    let first = keyed(&app, "k1", "/v1/organisations", &body).await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = keyed(&app, "k1", "/v1/organisations", &body).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!((first.expect(201), 201), (again.json(), again.status.as_u16()));
    let other = json!({ "slug": "other", "name": "Other" });
    keyed(&app, "k1", "/v1/organisations", &other).await.problem(422, "idempotency-key-reused");
    keyed(&app, "k2", "/v1/organisations", &body).await.problem(409, "conflict");
    let refused = keyed(&app, "k2", "/v1/organisations", &body).await;
    assert_eq!(refused.headers["idempotency-replayed"], "true");
    refused.problem(409, "conflict");
}

/// Cut at many moments, some of them between the effect and the recording of its answer.
#[tokio::test]
async fn a_caller_who_hangs_up_and_repeats_changes_nothing_twice() {
    let app = App::start().await;
    for moment in 0..40 {
        let (key, slug) = (format!("k{moment}"), format!("acme-{moment}"));
        let body = json!({ "slug": slug, "name": "Acme" });
        let call = || keyed(&app, &key, "/v1/organisations", &body);
        let patience = Duration::from_micros(250 * moment);
        drop(tokio::time::timeout(patience, call()).await);
        settled(&app, call).await.expect(201);
    }
}

/// The answer, once nobody is at work under the key: either the first caller's, or a fresh one after its reservation lapsed.
async fn settled<F: Future<Output = Answer>>(app: &App, call: impl Fn() -> F) -> Answer {
    for _ in 0..100 {
        let answer = call().await;
        if answer.status != 409 || answer.json()["type"] != "/problems/idempotency-key-in-progress" {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    app.clock.forward(61_000);
    call().await
}

#[tokio::test]
async fn a_secret_is_not_kept_to_be_shown_again() {
    let app = App::start().await;
    app.organisation("acme").await;
    let body = json!({ "name": "reader", "scopes": ["read"] });
    let first = keyed(&app, "k", "/v1/organisations/acme/tokens", &body).await.expect(201);
    let again = keyed(&app, "k", "/v1/organisations/acme/tokens", &body).await.expect(201);
    assert!(first["secret"].is_string() && again["secret"].is_null());
    assert_eq!(first["id"], again["id"]);
}

#[tokio::test]
async fn keys_are_well_formed() {
    let app = App::start().await;
    for key in ["", "with space", &"k".repeat(300)] {
        let answer = keyed(&app, key, "/v1/organisations", &json!({ "slug": "acme", "name": "Acme" })).await;
        answer.problem(400, "malformed");
    }
}
