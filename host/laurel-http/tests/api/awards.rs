//! Direct awards, and changes of standing.

use axum::body::Body;
use axum::http::Request;
use laurel_core::awards::{Authority, Standing};
use laurel_core::bell::Work;
use laurel_core::id::{AwardId, OutboxId};
use serde_json::{Value, json};

use crate::app::{Answer, App};
use crate::pages::sign_award;

async fn give(app: &App, key: Option<&str>, body: &Value) -> Answer {
    let mut request = Request::post("/v1/organisations/acme/awards")
        .header("authorization", format!("Bearer {}", app.admin))
        .header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn ada(app: &App) -> (Value, Value) {
    app.organisation("acme").await;
    let achievement = app.achievement("acme").await;
    let person = json!({ "kind": "person", "identifiers": [{ "type": "email", "address": "ada@example.org" }] });
    let subject = app.post("/v1/organisations/acme/subjects", person).await.expect(201)["id"].clone();
    (json!({ "subject": subject, "achievement": achievement }), subject)
}

#[tokio::test]
async fn an_award_is_given_once_per_key() {
    let app = App::start().await;
    let (body, subject) = ada(&app).await;
    give(&app, None, &body).await.problem(400, "idempotency-key-needed");
    let first = give(&app, Some("k1"), &body).await.expect(201);
    assert_eq!((&first["key"], &first["standing"], &first["rule"]), (&json!("k1"), &json!("active"), &Value::Null));
    assert_eq!(first["explanation"]["by"], "operator");
    let again = give(&app, Some("k1"), &body).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.expect(201)["id"], first["id"]);
    let shelf = format!("/v1/organisations/acme/shelf?subject={}", subject.as_str().unwrap());
    assert_eq!(app.get(&shelf).await.expect(200)["items"].as_array().unwrap().len(), 1);
    let outbox = app.get("/v1/organisations/acme/outbox").await.expect(200);
    assert_eq!(outbox["items"][0]["kind"], "badge.awarded");
    let mut nobody = body.clone();
    nobody["subject"] = nobody["achievement"].clone();
    let problem = give(&app, Some("k2"), &nobody).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/subject");
}

#[tokio::test]
async fn a_standing_changes_with_a_reason() {
    let app = App::start().await;
    let (body, _) = ada(&app).await;
    let award = give(&app, Some("k"), &body).await.expect(201);
    let path = format!("/v1/organisations/acme/awards/{}", award["id"].as_str().unwrap());
    let because = json!({ "reason": "It was a mistake." });
    app.post(&format!("{path}/revoke"), json!({ "reason": " " })).await.problem(422, "invalid");
    let suspended = app.post(&format!("{path}/suspend"), because.clone()).await.expect(200);
    assert_eq!((&suspended["standing"], &suspended["reason"]), (&json!("suspended"), &because["reason"]));
    assert!(app.bell.0.lock().unwrap().contains(&Work::Statuses));
    assert_eq!(app.post(&format!("{path}/reinstate"), because.clone()).await.expect(200)["standing"], "active");
    assert_eq!(app.post(&format!("{path}/revoke"), because.clone()).await.expect(200)["standing"], "revoked");
    assert_eq!(app.post(&format!("{path}/revoke"), because.clone()).await.expect(200)["standing"], "revoked");
    app.post(&format!("{path}/reinstate"), because).await.problem(409, "conflict");
}

#[tokio::test]
async fn an_unsigned_credential_is_not_there_yet() {
    let app = App::start().await;
    let (body, _) = ada(&app).await;
    let award = give(&app, Some("k"), &body).await.expect(201);
    assert_eq!(award["signed"], false);
    let path = format!("/v1/organisations/acme/credentials/{}", award["public_id"].as_str().unwrap());
    app.get(&path).await.problem(404, "not-found");
    let signed = laurel_core::credentials::Credential {
        award: award["id"].as_str().unwrap().parse().unwrap(),
        document: b"{ \"exact\" :1.0 }".to_vec(),
    };
    app.house.store.insert_credentials(&[signed]).await.unwrap();
    let answer = app.get(&path).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "{ \"exact\" :1.0 }"));
    assert_eq!(answer.headers["content-type"], "application/vc+ld+json");
}

#[tokio::test]
async fn a_key_stands_for_its_award_after_a_merge_too() {
    let app = App::start().await;
    let (body, subject) = ada(&app).await;
    let first = give(&app, Some("k"), &body).await.expect(201);
    let person = json!({ "kind": "person", "identifiers": [{ "type": "email", "address": "countess@example.org" }] });
    let winner = app.post("/v1/organisations/acme/subjects", person).await.expect(201)["id"].clone();
    let merge = format!("/v1/organisations/acme/subjects/{}/merge", winner.as_str().unwrap());
    app.post(&merge, json!({ "from": subject })).await.expect(200);
    // The answer of the day is forgotten, the award is not.
    app.clock.forward(25 * 3_600_000);
    let again = give(&app, Some("k"), &body).await;
    assert!(!again.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.expect(200)["id"], first["id"]);
    let mut other = body.clone();
    other["achievement"] = json!(app.achievement("acme").await);
    app.clock.forward(25 * 3_600_000);
    give(&app, Some("k"), &other).await.problem(409, "conflict");
}

#[tokio::test]
async fn an_operator_s_suspension_takes_a_rule_s_over() {
    let app = App::start().await;
    let (body, _) = ada(&app).await;
    let award = give(&app, Some("k"), &body).await.expect(201);
    assert_eq!(award["changed_by"], Value::Null);
    let id: AwardId = award["id"].as_str().unwrap().parse().unwrap();
    let app = &app;
    let by_rule = |to| laurel_core::pipeline::StandingChange {
        award: laurel_core::pipeline::AwardRef::Award(id),
        to,
        by: Authority::Rule,
        successor: None,
        reason: "the requirement is not met".into(),
        at: app.house.clock.now(),
        outbox: OutboxId::new(app.house.clock.now(), app.house.random.as_ref()),
        depth: 1,
    };
    let decide = |to| {
        let changes = [by_rule(to)];
        async move { app.house.store.change_standings(&changes).await.unwrap() }
    };
    assert_eq!(decide(Standing::Suspended).await, 1);
    let path = format!("/v1/organisations/acme/awards/{id}");
    assert_eq!(app.get(&path).await.expect(200)["changed_by"], "rule");
    let because = json!({ "reason": "Under investigation." });
    let suspended = app.post(&format!("{path}/suspend"), because.clone()).await.expect(200);
    assert_eq!((&suspended["changed_by"], &suspended["reason"]), (&json!("operator"), &because["reason"]));
    assert_eq!(decide(Standing::Active).await, 0, "the rule does not lift it any more");
    assert_eq!(app.post(&format!("{path}/reinstate"), because).await.expect(200)["standing"], "active");
    let outbox = app.get("/v1/organisations/acme/outbox").await.expect(200);
    let rows = outbox["items"].as_array().unwrap();
    let kinds: Vec<_> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["badge.awarded", "badge.suspended", "badge.reinstated"]);
    assert!(rows.iter().all(|row| row["award"] == award["id"]), "{rows:?}");
}

/// Everything an award may say.
fn everything() -> Value {
    json!({
        "narrative": "Passed at the first attempt.", "creditsEarned": 3.5, "role": "Technician", "term": "Spring 2026",
        "licenseNumber": "EV-2026-17", "activityStartDate": "2026-01-05T08:00:00Z", "activityEndDate": "2026-02-20T16:00:00Z",
        "image": { "type": "Image", "id": "https://acme.example/ada.png", "caption": "Ada at work" },
        "source": { "id": "https://lab.example", "type": ["Profile"], "name": "Exam Lab" },
        "evidence": [{ "id": "https://acme.example/report", "name": "Report", "audience": "Employers", "genre": "Text" }],
        "results": [
            { "type": ["Result"], "resultDescription": "score", "value": 92, "achievedLevel": "gold" },
            { "status": "Completed", "alignment": [{ "targetName": "Safety", "targetUrl": "https://skills.example/safety" }] },
        ],
    })
}

#[tokio::test]
async fn an_award_says_what_open_badges_let_it_say() {
    let app = App::start().await;
    let (mut body, _) = ada(&app).await;
    let text = json!({
        "name": "EV Technician", "description": "Works on EVs.", "criteria": "Pass both tests.",
        "result_descriptions": [{
            "id": "score", "name": "Exam", "result_type": "Percent", "value_min": "0", "value_max": "100",
            "required_value": "80", "levels": [{ "id": "gold", "name": "Gold" }],
        }],
    });
    let versions = format!("/v1/organisations/acme/achievements/{}/versions", body["achievement"].as_str().unwrap());
    app.post(&versions, text).await.expect(201);
    body["details"] = everything();
    let award = give(&app, Some("k"), &body).await.expect(201);
    let credential: Value = serde_json::from_slice(&sign_award(&app).await).unwrap();
    let subject = &credential["credentialSubject"];
    let scale = format!("{}#score", subject["achievement"]["id"].as_str().unwrap());
    assert_eq!(subject["achievement"]["resultDescription"][0]["id"], json!(scale));
    let result = &subject["result"][0];
    assert_eq!((&result["resultDescription"], &result["value"]), (&json!(scale), &json!("92")));
    assert_eq!(result["achievedLevel"], json!(format!("{scale}/gold")));
    assert_eq!(subject["result"][1]["alignment"][0]["targetName"], "Safety");
    for member in
        ["narrative", "creditsEarned", "role", "term", "licenseNumber", "activityStartDate", "activityEndDate"]
    {
        assert_eq!(subject[member], body["details"][member], "{member}");
    }
    assert_eq!(subject["source"]["name"], "Exam Lab");
    assert_eq!(subject["image"]["caption"], "Ada at work");
    assert_eq!(credential["evidence"][0]["audience"], "Employers");
    let page = format!("/credentials/{}", award["public_id"].as_str().unwrap());
    let page = app.send(Request::get(page).header("accept", "text/html").body(Body::empty()).unwrap()).await.text();
    for said in ["92 %, Gold (80 needed)", "EV-2026-17", "Spring 2026", "Exam Lab", "3.5"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn what_an_award_cannot_say_is_refused_at_its_place() {
    let app = App::start().await;
    let (mut body, _) = ada(&app).await;
    for (details, place) in [
        (json!({ "result": [] }), "/details/result"),
        (json!({ "creditsEarned": "three" }), "/details/creditsEarned"),
        (json!({ "evidence": [{ "name": "a" }, { "nane": "b" }] }), "/details/evidence/1/nane"),
        (json!({ "evidence": [{ "id": "order 7" }] }), "/details/evidence/0/id"),
        (
            json!({ "results": [{ "resultDescription": "score", "value": "A" }] }),
            "/details/results/0/resultDescription",
        ),
        (json!({ "results": [{ "status": "Won" }] }), "/details/results/0/status"),
        (json!({ "narrative": ["a"] }), "/details/narrative"),
        (json!({ "activityEndDate": "yesterday" }), "/details/activityEndDate"),
        (json!([]), "/details"),
    ] {
        body["details"] = details;
        let problem = give(&app, Some(&place.replace('/', "-")), &body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], place, "{problem}");
    }
}
