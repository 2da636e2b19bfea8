//! The API as a test sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use laurel_core::House;
use laurel_core::plugins::Outbound;
use laurel_core::tokens::{self, NewToken, Scope};
use laurel_http::{AppState, Config, router};
use laurel_storage::Database;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::doubles::{Counted, Dice, Envelope, Keys, Puppets, Ticking};

pub(crate) struct App {
    pub(crate) house: House,
    pub(crate) bell: Arc<Counted>,
    pub(crate) clock: Arc<Ticking>,
    pub(crate) sandbox: Arc<Puppets>,
    /// The operator's token.
    pub(crate) admin: String,
    router: Router,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body, after checking the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem document, after checking status, kind and the place of its first fault.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, kind: &str) -> Value {
        assert_eq!(
            self.headers.get("content-type").map(axum::http::HeaderValue::as_bytes),
            Some(&b"application/problem+json"[..])
        );
        let document = self.expect(status);
        assert_eq!(document["type"], format!("/problems/{kind}"), "{document}");
        assert_eq!(document["status"], status);
        document
    }
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::start_in(None).await
    }

    /// The same with a way out.
    pub(crate) async fn start_in(world: Option<Arc<dyn Outbound>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, bell, sandbox) = (
            Arc::new(Ticking::from("2026-03-01T09:00:00Z")),
            Arc::new(Counted::default()),
            Arc::new(Puppets::default()),
        );
        let store =
            Database::open_sqlite(&folder.path().join("laurel.db"), clock.clone(), Arc::new(Dice)).await.unwrap();
        store.migrate().await.unwrap();
        let house = House {
            store: Arc::new(store),
            clock: clock.clone(),
            random: Arc::new(Dice),
            sandbox: sandbox.clone(),
            signer: Arc::new(Keys::default()),
            vault: Arc::new(Envelope),
            bell: bell.clone(),
            tray: Arc::default(),
            contexts: laurel_openbadges::contexts::Contexts::bundled(),
            base_url: "https://badges.example.org".into(),
            status_list_size: *laurel_core::status::SIZES.start(),
        };
        let scopes = vec![Scope::Platform, Scope::Manage, Scope::Award, Scope::Read];
        let new = NewToken { organisation: None, name: "operator".into(), scopes, assertions: None };
        let (_, admin) = tokens::issue(&house, new).await.unwrap();
        let state = AppState::new(house.clone(), Config::default());
        let router = router(match world {
            Some(world) => state.with_outbound(world),
            None => state,
        });
        Self { house, bell, clock, sandbox, admin, router, _folder: folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A request with a token and a JSON body.
    pub(crate) async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request.header("content-type", "application/json").body(Body::from(body.to_string()))
        };
        self.send(request.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(&self.admin, "GET", path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(&self.admin, "POST", path, &body).await
    }

    /// An organisation with this slug.
    pub(crate) async fn organisation(&self, slug: &str) -> Value {
        self.post("/v1/organisations", json!({ "slug": slug, "name": "Acme Academy" })).await.expect(201)
    }

    /// A token of an organisation.
    pub(crate) async fn token(&self, organisation: &str, body: Value) -> String {
        let path = format!("/v1/organisations/{organisation}/tokens");
        self.post(&path, body).await.expect(201)["secret"].as_str().unwrap().to_owned()
    }

    /// A plugin by its manifest; its digest.
    pub(crate) async fn plugin(&self, manifest: Value) -> String {
        self.upload(manifest.to_string().into_bytes()).await.expect(201)["digest"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn upload(&self, component: Vec<u8>) -> Answer {
        let request = Request::post("/v1/plugins")
            .header("authorization", format!("Bearer {}", self.admin))
            .header("content-type", "application/wasm");
        self.send(request.body(Body::from(component)).unwrap()).await
    }

    /// An achievement of the organisation; its id.
    pub(crate) async fn achievement(&self, organisation: &str) -> String {
        let path = format!("/v1/organisations/{organisation}/achievements");
        let text = json!({ "name": "EV Technician", "description": "Works on EVs.", "criteria": "Pass both tests." });
        let made = self.post(&path, json!({ "kind": "credential", "text": text })).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }
}

/// The manifest of a connector.
pub(crate) fn connector() -> Value {
    json!({
        "name": "lms", "version": "0.1.0", "publisher": "Laurel", "description": "A connector.",
        "interfaces": ["hook"], "capabilities": ["keys", "settings"], "kinds": ["course.*"],
        "secrets": [{ "name": "key", "description": "The key." }],
        "settings-schema": r#"{"type": "object", "additionalProperties": false, "properties": {"instance": {"type": "string"}}}"#,
    })
}

/// The manifest of a criteria plugin.
pub(crate) fn criteria() -> Value {
    json!({
        "name": "recipe", "version": "0.1.0", "publisher": "Laurel", "description": "Criteria.",
        "interfaces": ["criteria"], "capabilities": ["log"], "kinds": ["*"],
        "settings-schema": r#"{"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}"#,
    })
}
