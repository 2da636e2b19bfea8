//! Plugins, installations, rules.

use axum::body::Body;
use axum::http::Request;
use laurel_core::plugins::call_context;
use serde_json::{Value, json};

use crate::app::{App, connector, criteria};

#[tokio::test]
async fn a_file_that_is_no_component() {
    let app = App::start().await;
    let problem = app.upload(b"\0asm nonsense".to_vec()).await.problem(422, "invalid");
    assert!(problem["detail"].as_str().unwrap().contains("not a WebAssembly component"), "{problem}");
    app.upload(vec![0; 9 * 1024 * 1024]).await.problem(413, "too-large");
    assert_eq!(app.get("/v1/plugins").await.expect(200)["items"], json!([]));
}

fn install(plugin: &str) -> Value {
    json!({
        "plugin": plugin, "name": "Our LMS", "settings": { "instance": "https://lms.example.org" },
        "grant": {
            "capabilities": ["keys", "settings"], "secrets": ["key"],
            "assertions": { "namespaces": ["https://lms.example.org"], "kinds": ["course.completed"] },
        },
        "secrets": { "key": ["hunter2", "hunter3"] },
    })
}

#[tokio::test]
async fn a_connector_is_installed_with_sealed_secrets() {
    let app = App::start().await;
    app.organisation("acme").await;
    let plugin = app.plugin(connector()).await;
    let path = "/v1/organisations/acme/installations";
    let made = app.post(path, install(&plugin)).await.expect(201);
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["grant"]["assertions"]["source"], format!("installation:{id}"));
    assert_eq!(made["hook"], format!("https://badges.example.org/hooks/{id}"));
    assert!(!made.to_string().contains("hunter"));
    let installation = app.house.store.installation(id.parse().unwrap()).await.unwrap().unwrap();
    let sealed = app.house.store.secrets(installation.id).await.unwrap();
    assert!(!sealed[0].1.iter().any(|value| value.windows(6).any(|window| window == b"hunter")));
    let context = call_context(&app.house, &installation).await.unwrap();
    assert_eq!(context.secrets["key"][1].as_str(), "hunter3");
    let secret = format!("{path}/{id}/secrets/key");
    app.call(&app.admin, "PUT", &secret, &json!({ "values": [] })).await.expect(204);
    assert!(call_context(&app.house, &installation).await.unwrap().secrets.is_empty());
    let off = app.call(&app.admin, "PATCH", &format!("{path}/{id}"), &json!({ "enabled": false })).await.expect(200);
    assert_eq!((&off["enabled"], &off["name"]), (&json!(false), &json!("Our LMS")));
}

#[tokio::test]
async fn nothing_is_granted_that_was_not_asked_for() {
    let app = App::start().await;
    app.organisation("acme").await;
    let plugin = app.plugin(connector()).await;
    let path = "/v1/organisations/acme/installations";
    for (place, value, pointer) in [
        ("/grant/capabilities", json!(["http"]), "/grant/capabilities/0"),
        ("/grant/secrets", json!(["other"]), "/grant/secrets/0"),
        ("/grant/hosts", json!(["evil.example"]), "/grant/hosts/0"),
        ("/grant/assertions", Value::Null, "/grant/assertions"),
        ("/grant/assertions/kinds", json!(["deal.won"]), "/grant/assertions/kinds/0"),
        ("/grant/assertions/source", json!("laurel:awards"), "/grant/assertions/source"),
        ("/settings", json!({ "instance": 7 }), "/settings/instance"),
        ("/settings", json!({ "password": "x" }), "/settings"),
        ("/secrets/other", json!(["x"]), "/secrets/other"),
        ("/plugin", json!("0".repeat(64)), "/plugin"),
        ("/name", json!(""), "/name"),
    ] {
        let mut body = install(&plugin);
        let (parent, member) = place.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[member] = value;
        let problem = app.post(path, body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(app.get(path).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_rule_is_checked_by_schema_and_plugin() {
    let app = App::start().await;
    app.organisation("acme").await;
    let achievement = app.achievement("acme").await;
    let plugin = app.plugin(criteria()).await;
    let installation = json!({ "plugin": plugin, "name": "Recipes", "grant": { "capabilities": ["log"] } });
    let installation = app.post("/v1/organisations/acme/installations", installation).await.expect(201)["id"].clone();
    let path = "/v1/organisations/acme/rules";
    let rule =
        |settings: Value| json!({ "achievement": achievement, "installation": installation, "settings": settings });
    let made = app.post(path, rule(json!({ "count": 2 }))).await.expect(201);
    assert_eq!((&made["mode"], &made["kinds"]), (&json!("draft"), &json!(["*"])));
    assert_eq!(made["requirements"][0]["text"], "Complete a course.");
    for (settings, pointer) in
        [(json!({ "count": "x" }), "/settings/count"), (json!({ "count": 1, "bad": 1 }), "/settings/bad")]
    {
        let problem = app.post(path, rule(settings)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    app.post(path, rule(json!({ "count": 1, "trap": 1 }))).await.problem(502, "plugin-failed");
    let mut wrong = rule(json!({ "count": 2 }));
    wrong["achievement"] = installation.clone();
    assert_eq!(app.post(path, wrong).await.problem(422, "invalid")["errors"][0]["pointer"], "/achievement");
    let mode = format!("{path}/{}/mode", made["id"].as_str().unwrap());
    for (to, status) in [("active", 200), ("paused", 200), ("draft", 409), ("shadow", 422)] {
        let answer = app.call(&app.admin, "PUT", &mode, &json!({ "mode": to })).await;
        assert_eq!(answer.status, status, "{to}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_active_rules_award_is_not_archived() {
    let app = App::start().await;
    app.organisation("acme").await;
    let achievement = app.achievement("acme").await;
    let plugin = app.plugin(criteria()).await;
    let installation = json!({ "plugin": plugin, "name": "Recipes", "grant": { "capabilities": ["log"] } });
    let installation = app.post("/v1/organisations/acme/installations", installation).await.expect(201)["id"].clone();
    let path = "/v1/organisations/acme/rules";
    let rule = json!({
        "achievement": achievement, "installation": installation, "settings": { "count": 2 }, "mode": "active",
    });
    let made = app.post(path, rule.clone()).await.expect(201)["id"].as_str().unwrap().to_owned();
    let place = format!("/v1/organisations/acme/achievements/{achievement}");
    let problem = app.post(&format!("{place}/archive"), Value::Null).await.problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains(&made), "it names the rule: {problem}");
    assert_eq!(app.get(&place).await.expect(200)["archived"], Value::Null);

    let mode = |to: &str| (format!("{path}/{made}/mode"), json!({ "mode": to }));
    let (mode_of, pause) = mode("paused");
    app.call(&app.admin, "PUT", &mode_of, &pause).await.expect(200);
    assert!(app.post(&format!("{place}/archive"), Value::Null).await.expect(200)["archived"].is_string());
    // Nobody awards it any more: neither that rule nor another, nor an operator.
    app.call(&app.admin, "PUT", &mode_of, &mode("active").1).await.problem(409, "conflict");
    app.post(path, rule).await.problem(409, "conflict");
    let person = json!({ "kind": "person", "identifiers": [{ "type": "email", "address": "ada@example.org" }] });
    let subject = app.post("/v1/organisations/acme/subjects", person).await.expect(201)["id"].clone();
    let request = Request::post("/v1/organisations/acme/awards")
        .header("authorization", format!("Bearer {}", app.admin))
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    let body = json!({ "subject": subject, "achievement": achievement }).to_string();
    app.send(request.body(Body::from(body)).unwrap()).await.problem(409, "conflict");
}
