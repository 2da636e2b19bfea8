//! Who may what: another's organisation does not exist, and a scope too few is told.

use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn without_a_token_or_with_a_wrong_one() {
    let app = App::start().await;
    for token in ["", "laurel_nonsense", &"x".repeat(10_000)] {
        let answer = app.call(token, "GET", "/v1/organisations", &Value::Null).await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        answer.problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn every_place_of_another_organisation_looks_like_none() {
    let app = App::start().await;
    app.organisation("acme").await;
    app.organisation("other").await;
    let achievement = app.achievement("other").await;
    let token = app.token("acme", json!({ "name": "manager", "scopes": ["manage", "award"] })).await;
    let description = app.get("/openapi.json").await.expect(200);
    let mut asked = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        if !path.contains("{organisation}") {
            continue;
        }
        let path = path.replace("{organisation}", "other").replace("{id}", &achievement).replace("{name}", "key");
        // Verifying is for everybody, whoever the issuer instance belongs to.
        let open = |operation: &Value| operation["security"] == json!([{}]);
        for (method, _) in operations.as_object().unwrap().iter().filter(|(_, operation)| !open(operation)) {
            let answer = app.call(&token, &method.to_uppercase(), &path, &Value::Null).await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
            asked += 1;
        }
    }
    assert!(asked > 30, "only {asked} operations were tried");
}

#[tokio::test]
async fn another_organisations_things_are_not_found_through_ones_own() {
    let app = App::start().await;
    app.organisation("acme").await;
    app.organisation("other").await;
    let theirs = app.achievement("other").await;
    let token = app.token("acme", json!({ "name": "manager", "scopes": ["manage"] })).await;
    let path = format!("/v1/organisations/acme/achievements/{theirs}");
    app.call(&token, "GET", &path, &Value::Null).await.problem(404, "not-found");
    app.call(&token, "POST", &format!("{path}/archive"), &Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn scopes_are_asked_for() {
    let app = App::start().await;
    app.organisation("acme").await;
    let reader = app.token("acme", json!({ "name": "reader", "scopes": ["read"] })).await;
    app.call(&reader, "GET", "/v1/organisations/acme", &Value::Null).await.expect(200);
    let new = json!({ "name": "x", "scopes": ["read"] });
    app.call(&reader, "POST", "/v1/organisations/acme/tokens", &new).await.problem(403, "forbidden");
    app.call(&reader, "GET", "/v1/organisations", &Value::Null).await.problem(403, "forbidden");
    let manager = app.token("acme", json!({ "name": "manager", "scopes": ["manage"] })).await;
    let platform = json!({ "name": "x", "scopes": ["platform"] });
    app.call(&manager, "POST", "/v1/organisations/acme/tokens", &platform).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_revoked_token_ends_at_once() {
    let app = App::start().await;
    app.organisation("acme").await;
    let tokens = "/v1/organisations/acme/tokens";
    let issued = app.post(tokens, json!({ "name": "reader", "scopes": ["read"] })).await.expect(201);
    let secret = issued["secret"].as_str().unwrap();
    app.call(secret, "GET", "/v1/organisations/acme", &Value::Null).await.expect(200);
    let path = format!("{tokens}/{}", issued["id"].as_str().unwrap());
    app.call(&app.admin, "DELETE", &path, &Value::Null).await.expect(204);
    app.call(secret, "GET", "/v1/organisations/acme", &Value::Null).await.problem(401, "unauthorized");
    let listed = app.get(tokens).await.expect(200);
    assert!(listed["items"][0]["revoked"].is_string() && listed["items"][0].get("secret").is_none());
}
