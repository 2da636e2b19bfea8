//! How an earner signs in: a link from the organisation, once.

use axum::http::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::wallet::{BASE, Browser, hidden, person, sign_in_link};

#[tokio::test]
async fn a_link_works_once_and_looking_does_not_use_it_up() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let link = sign_in_link(&app, ada["id"].as_str().unwrap()).await;
    let mut browser = Browser::default();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = browser.send(&app, method, &link, String::new(), &[]).await;
        assert_eq!((page.status.as_u16(), page.headers["cache-control"].to_str().unwrap()), (200, "no-store"));
        assert!(browser.cookies.is_empty());
    }
    let page = browser.get(&app, &link).await.text();
    assert!(page.contains("Sign in as <bdi>Ada</bdi>") && page.contains("Acme Academy"), "{page}");
    let signed_in = browser.submit(&app, &link, &[]).await;
    assert_eq!((signed_in.status.as_u16(), signed_in.headers["location"].to_str().unwrap()), (303, "/account"));
    let account = browser.get(&app, "/account").await.text();
    let public = ada["page"].as_str().unwrap().strip_prefix(BASE).unwrap();
    assert!(account.contains(public) && account.contains("Connected apps"), "{account}");

    let mut second = Browser::default();
    for answer in [second.submit(&app, &link, &[]).await, second.get(&app, &link).await] {
        assert!(answer.status == 410 && answer.text().contains("works once"), "{}", answer.text());
    }
    assert!(second.get(&app, "/account").await.text().contains("Nobody is signed in"));
}

#[tokio::test]
async fn links_and_sessions_end() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let link = sign_in_link(&app, ada["id"].as_str().unwrap()).await;
    app.clock.forward(15 * 60 * 1000);
    assert_eq!(Browser::default().submit(&app, &link, &[]).await.status, 410);

    let mut browser = Browser::signed_in(&app, ada["id"].as_str().unwrap()).await;
    let cookies = browser.cookies.clone();
    let account = browser.get(&app, "/account").await.text();
    let fields = hidden(&account);
    let foreign = browser.submit(&app, "/account/sign-out", &[("form_token", "0")]).await;
    assert_eq!(foreign.status, 403);
    let token = fields.iter().find(|(name, _)| name == "form_token").unwrap();
    assert!(browser.submit(&app, "/account/sign-out", &[("form_token", &token.1)]).await.text().contains("Goodbye"));
    assert!(browser.cookies.is_empty());
    // The cookie itself is worth nothing any more.
    browser.cookies = cookies;
    assert!(browser.get(&app, "/account").await.text().contains("Nobody is signed in"));

    let mut browser = Browser::signed_in(&app, ada["id"].as_str().unwrap()).await;
    app.clock.forward(12 * 60 * 60 * 1000);
    assert!(browser.get(&app, "/account").await.text().contains("Nobody is signed in"));
}

#[tokio::test]
async fn another_site_cannot_sign_a_visitor_in() {
    let app = App::start().await;
    app.organisation("acme").await;
    let link = sign_in_link(&app, person(&app, "Mallory").await["id"].as_str().unwrap()).await;
    let mut victim = Browser::default();
    let headers = [("sec-fetch-site", "cross-site")];
    let answer = victim.send(&app, Method::POST, &link, String::new(), &headers).await;
    assert!(answer.status == 403 && victim.cookies.is_empty(), "{}", answer.text());
    assert_eq!(victim.get(&app, &link).await.status, 200, "it is still good");
}

#[tokio::test]
async fn only_a_token_for_it_vouches_and_only_for_its_own() {
    let app = App::start().await;
    app.organisation("acme").await;
    app.organisation("other").await;
    let ada = person(&app, "Ada").await;
    let path = |organisation: &str| {
        format!("/v1/organisations/{organisation}/subjects/{}/sign-in", ada["id"].as_str().unwrap())
    };
    let manager = app.token("acme", json!({ "name": "manager", "scopes": ["manage", "award", "read"] })).await;
    let told = app.call(&manager, "POST", &path("acme"), &Value::Null).await.problem(403, "forbidden");
    assert!(told["detail"].as_str().unwrap().contains("`sign-in`"), "{told}");
    let theirs = app.token("other", json!({ "name": "portal", "scopes": ["sign-in"] })).await;
    app.call(&theirs, "POST", &path("acme"), &Value::Null).await.problem(404, "not-found");
    app.call(&theirs, "POST", &path("other"), &Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_repeated_request_does_not_tell_the_link_again() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let token = app.token("acme", json!({ "name": "portal", "scopes": ["sign-in"] })).await;
    let path = format!("/v1/organisations/acme/subjects/{}/sign-in", ada["id"].as_str().unwrap());
    let mut answers = Vec::new();
    for _ in 0..2 {
        let request = axum::http::Request::post(&path)
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", "k");
        answers.push(app.send(request.body(axum::body::Body::empty()).unwrap()).await.expect(201));
    }
    assert!(answers[0]["url"].as_str().unwrap().starts_with(&format!("{BASE}/sign-in/")), "{answers:?}");
    assert_eq!((&answers[1]["url"], &answers[1]["expires"]), (&Value::Null, &answers[0]["expires"]));
}
