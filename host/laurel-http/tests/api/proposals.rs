//! What events propose of identities.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::app::App;

const LMS: &str = "https://lms.example.org";

struct Program {
    app: App,
    token: String,
    events: u32,
}

impl Program {
    async fn start() -> Self {
        let app = App::start().await;
        app.organisation("acme").await;
        let assertions =
            json!({ "source": LMS, "namespaces": [LMS], "kinds": ["course.*"], "personal_identifiers": true });
        let token = app.token("acme", json!({ "name": "lms", "scopes": ["events"], "assertions": assertions })).await;
        Self { app, token, events: 0 }
    }

    /// An event about whoever has these identifiers.
    async fn say(&mut self, identifiers: &[Value]) {
        self.events += 1;
        let event = json!({
            "specversion": "1.0", "id": self.events.to_string(), "source": LMS, "type": "course.completed",
            "time": "2026-03-01T08:00:00Z", "data": { "subject": { "kind": "person", "identifiers": identifiers } },
        });
        let request = Request::post("/v1/events")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/cloudevents+json");
        self.app.send(request.body(Body::from(event.to_string())).unwrap()).await.expect(202);
    }

    async fn open(&self) -> Vec<Value> {
        let list = self.app.get("/v1/organisations/acme/proposals").await.expect(200);
        list["items"].as_array().unwrap().clone()
    }

    async fn subject(&self, uri: &str) -> Value {
        let query = uri.replace('#', "%23");
        self.app.get(&format!("/v1/organisations/acme/subject?identifier={query}")).await.expect(200)
    }

    fn path(proposal: &Value, word: &str) -> String {
        format!("/v1/organisations/acme/proposals/{}/{word}", proposal["id"].as_str().unwrap())
    }
}

fn account(name: &str) -> Value {
    json!({ "type": "account", "home_page": LMS, "name": name })
}

fn email(address: &str) -> Value {
    json!({ "type": "email", "address": address })
}

#[tokio::test]
async fn an_address_is_proposed_and_accepted() {
    let mut program = Program::start().await;
    program.say(&[account("17")]).await;
    program.say(&[account("17"), email("ada@example.org")]).await;
    program.say(&[account("17"), email("ada@example.org")]).await;
    let ada = program.subject("https://lms.example.org#17").await;
    assert_eq!(ada["provisional"], true);
    let open = program.open().await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!((&open[0]["subject"], &open[0]["identifier"]), (&ada["id"], &email("ada@example.org")));
    assert_eq!((&open[0]["leads_to"], &open[0]["source"], &open[0]["event"]), (&Value::Null, &json!(LMS), &json!("2")));
    let accepted = program.app.post(&Program::path(&open[0], "accept"), Value::Null).await.expect(200);
    assert_eq!(accepted["id"], ada["id"]);
    assert_eq!(accepted["provisional"], false, "somebody answers for it now");
    let found = program.subject("mailto:ada@example.org").await;
    assert_eq!(found["id"], ada["id"]);
    assert_eq!(found["identifiers"][1]["verified"], true);
    assert_eq!(program.open().await, Vec::<Value>::new());
    program.app.post(&Program::path(&open[0], "accept"), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn two_who_seem_to_be_one_are_proposed_and_merged() {
    let mut program = Program::start().await;
    program.say(&[account("17")]).await;
    program.say(&[email("ada@example.org")]).await;
    program.say(&[account("17"), email("ada@example.org")]).await;
    let (ada, other) =
        (program.subject("https://lms.example.org#17").await, program.subject("mailto:ada@example.org").await);
    assert_ne!(ada["id"], other["id"], "no event merges two");
    let open = program.open().await;
    assert_eq!((&open[0]["subject"], &open[0]["leads_to"]), (&ada["id"], &other["id"]));
    let merged = program.app.post(&Program::path(&open[0], "accept"), Value::Null).await.expect(200);
    assert_eq!(merged["id"], ada["id"]);
    assert_eq!(program.subject("mailto:ada@example.org").await["id"], ada["id"]);
    assert_eq!(program.open().await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_was_dismissed_is_not_proposed_again() {
    let mut program = Program::start().await;
    program.say(&[account("17")]).await;
    program.say(&[account("17"), email("eve@example.org")]).await;
    let open = program.open().await;
    let dismiss = Program::path(&open[0], "dismiss");
    let reader = program.app.token("acme", json!({ "name": "reader", "scopes": ["read"] })).await;
    program.app.call(&reader, "POST", &dismiss, &Value::Null).await.problem(403, "forbidden");
    program.app.organisation("other").await;
    let elsewhere = dismiss.replace("/acme/", "/other/");
    program.app.post(&elsewhere, Value::Null).await.problem(404, "not-found");
    program.app.post(&dismiss, Value::Null).await.expect(204);
    program.say(&[account("17"), email("eve@example.org")]).await;
    assert_eq!(program.open().await, Vec::<Value>::new());
    program.app.post(&dismiss, Value::Null).await.problem(404, "not-found");
}
