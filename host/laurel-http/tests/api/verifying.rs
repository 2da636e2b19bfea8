//! Verifying what others issued: what is fetched for it, how often, and what it may cost.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::{DidWeb, SigningKey};
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, MINIMUM_ENTRIES, StatusListCredential, StatusPurpose};
use serde_json::{Value, json};

use crate::app::{Answer, App};
use crate::world::World;

const TIME: Timestamp = Timestamp::from_unix_seconds(1_770_000_000);
const PLACE: u64 = 7;

/// An issuer on a site of its own, whose DID document the world serves.
struct Issuer {
    key: SigningKey,
    did: DidWeb,
    site: String,
}

impl Issuer {
    fn at(world: &World, host: &str) -> Self {
        let mut seed = [3; 32];
        seed[..host.len()].copy_from_slice(host.as_bytes());
        let issuer = Self {
            key: SigningKey::from_seed(&seed),
            did: DidWeb::new(host, []).unwrap(),
            site: format!("https://{host}"),
        };
        world.serve(&issuer.did.document_url(), issuer.did.document(&[issuer.key.multikey()]).to_string());
        issuer
    }

    fn sign(&self, document: &[u8]) -> Vec<u8> {
        let method = self.did.verification_method(&self.key.multikey());
        sign(document, &self.key, &ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, TIME)).unwrap()
    }

    fn list(&self, name: &str) -> String {
        format!("{}/status/{name}", self.site)
    }

    /// Serves a list in which the place is set or not.
    fn publish(&self, world: &World, purpose: StatusPurpose, set: bool) {
        let mut bits = Bitstring::new(MINIMUM_ENTRIES).unwrap();
        bits.set(PLACE, set).unwrap();
        let id = self.list(purpose.as_str());
        let issuer = self.did.to_string();
        let list = StatusListCredential {
            id: id.clone(),
            issuer,
            purpose,
            valid_from: TIME,
            valid_until: None,
            ttl_millis: Some(120_000),
        };
        world.serve(&id, self.sign(&list.to_bytes(&bits)));
    }

    /// A credential with these members that has a place in each of these lists.
    fn issue(&self, members: Value, lists: &[&str]) -> Value {
        let entry = |purpose: &&str| {
            json!({ "type": "BitstringStatusListEntry", "statusPurpose": purpose,
                "statusListIndex": PLACE.to_string(), "statusListCredential": self.list(purpose) })
        };
        let mut credential = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "type": ["VerifiableCredential"], "issuer": self.did.to_string(),
            "credentialSubject": { "id": "urn:x:ada" },
            "credentialStatus": lists.iter().map(entry).collect::<Vec<_>>(),
        });
        let Value::Object(members) = members else { panic!("{members}") };
        credential.as_object_mut().unwrap().extend(members);
        serde_json::from_slice(&self.sign(credential.to_string().as_bytes())).unwrap()
    }
}

fn presentation(credentials: &[Value]) -> Value {
    json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials })
}

async fn present(app: &App, credentials: &[Value]) -> Answer {
    let body = json!({ "verifiablePresentation": presentation(credentials) });
    app.post("/vc/anybody/presentations/verify", body).await
}

/// The report on a document, or on what is at an address.
async fn verified(app: &App, document: &str, url: &str) -> Value {
    let place = if url.is_empty() { "/v1/verify".to_owned() } else { format!("/v1/verify?url={url}") };
    app.send(Request::post(place).body(Body::from(document.to_owned())).unwrap()).await.expect(200)
}

#[tokio::test]
async fn a_presentation_of_many_issuers_is_fetched_for_at_once_and_only_once() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let lists = ["revocation", "suspension", "message"];
    let mut credentials = Vec::new();
    for host in ["a.example", "b.example", "c.example"] {
        let issuer = Issuer::at(&world, host);
        for purpose in [StatusPurpose::Revocation, StatusPurpose::Suspension, StatusPurpose::Message] {
            issuer.publish(&world, purpose, false);
        }
        credentials.push(issuer.issue(json!({}), &lists));
    }
    let answer = present(&app, &credentials).await.expect(200);
    assert_eq!(answer["verified"], true, "{answer:#}");
    assert_eq!(world.asked().len(), 12, "three key documents, nine lists");
    assert!(world.at_once.load(Ordering::SeqCst) >= 4);
    present(&app, &credentials).await.expect(200);
    assert_eq!(world.asked(), Vec::<String>::new());
    // The lists say that they are good for two minutes; keys are for five.
    app.clock.forward(121_000);
    present(&app, &credentials).await.expect(200);
    assert_eq!(world.asked().len(), 9);
    app.clock.forward(181_000);
    present(&app, &credentials).await.expect(200);
    assert_eq!(world.asked().len(), 12);
}

#[tokio::test]
async fn an_endorsed_badge_with_every_status_needs_more_than_six_documents() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let (issuer, agency) = (Issuer::at(&world, "a.example"), Issuer::at(&world, "agency.example"));
    let lists = ["revocation", "suspension", "message"];
    for purpose in [StatusPurpose::Revocation, StatusPurpose::Suspension, StatusPurpose::Message] {
        issuer.publish(&world, purpose, false);
    }
    let mut entries: Vec<&str> = lists.to_vec();
    entries.extend(["more", "and-more"]);
    for name in &entries[3..] {
        world.serve(&issuer.list(name), "{}");
    }
    let endorsement = agency.issue(
        json!({ "type": ["VerifiableCredential", "EndorsementCredential"], "name": "Endorsement",
            "id": "urn:uuid:3c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0", "validFrom": "2026-01-01T00:00:00Z",
            "issuer": { "id": agency.did.to_string(), "type": ["Profile"], "name": "Agency" },
            "credentialSubject": { "id": issuer.did.to_string(), "type": ["EndorsementSubject"] } }),
        &[],
    );
    let badge = issuer.issue(json!({ "endorsement": [endorsement] }), &entries);
    let report = verified(&app, &badge.to_string(), "").await;
    assert_eq!(world.asked().len(), 7, "two key documents, five lists");
    assert!(!report.to_string().contains("would have to be fetched"), "{report:#}");
    let endorsed = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "endorsements").unwrap();
    assert_eq!(endorsed["outcome"], "pass", "{report:#}");
}

#[tokio::test]
async fn nobody_makes_the_host_fetch_without_end() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let issuer = Issuer::at(&world, "a.example");
    let lists: Vec<String> = (0..16 * 20).map(|number| format!("list-{number}")).collect();
    let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    let one = issuer.issue(json!({}), &lists[..16]);
    let report = verified(&app, &one.to_string(), "").await;
    assert_eq!(world.asked().len(), 6);
    assert!(report.to_string().contains("more than 6 documents would have to be fetched"), "{report:#}");
    let many: Vec<Value> = lists.chunks(16).map(|lists| issuer.issue(json!({}), lists)).collect();
    let answer = present(&app, &many).await.expect(400);
    assert!(world.asked().len() <= 64);
    assert!(answer.to_string().contains("more than 64 documents would have to be fetched"));
}

#[tokio::test]
async fn what_is_not_there_is_asked_for_again_after_some_seconds() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let issuer = Issuer::at(&world, "a.example");
    let badge = issuer.issue(json!({}), &["revocation"]).to_string();
    for _ in 0..2 {
        assert_eq!(verified(&app, &badge, "").await["verdict"], "unknown");
    }
    assert_eq!(world.asked(), [issuer.did.document_url(), issuer.list("revocation")]);
    issuer.publish(&world, StatusPurpose::Revocation, false);
    app.clock.forward(6_000);
    assert_eq!(verified(&app, &badge, "").await["verdict"], "valid");
    assert_eq!(world.asked(), [issuer.list("revocation")]);
    issuer.publish(&world, StatusPurpose::Revocation, true);
    app.clock.forward(121_000);
    assert_eq!(verified(&app, &badge, "").await["revoked"], true);
}

#[tokio::test]
async fn what_a_server_wants_nobody_to_keep_is_not_kept() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let issuer = Issuer::at(&world, "a.example");
    let keys = issuer.did.document(&[issuer.key.multikey()]).to_string();
    world.answer(&issuer.did.document_url(), 200, "private, max-age=600", keys);
    let badge = issuer.issue(json!({}), &[]).to_string();
    for _ in 0..2 {
        assert_eq!(verified(&app, &badge, "").await["verdict"], "valid");
        assert_eq!(world.asked(), [issuer.did.document_url()]);
    }
}

#[tokio::test]
async fn a_hosted_badge_given_by_its_address_is_fetched_once() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let at = |name: &str| format!("https://old.example/{name}.json");
    let serve = |name: &str, mut document: Value| {
        document["@context"] = json!("https://w3id.org/openbadges/v2");
        document["id"] = json!(at(name));
        world.serve(&at(name), document.to_string());
    };
    serve(
        "assertion",
        json!({ "type": "Assertion", "badge": at("class"), "issuedOn": "2025-06-01T00:00:00Z",
            "recipient": { "type": "email", "hashed": false, "identity": "ada@example.org" },
            "verification": { "type": "hosted" } }),
    );
    serve(
        "class",
        json!({ "type": "BadgeClass", "name": "Helper", "description": "Helped.", "criteria": { "narrative": "Help." },
            "image": "https://old.example/helper.png", "issuer": at("issuer") }),
    );
    serve("issuer", json!({ "type": "Issuer", "name": "Old", "url": "https://old.example", "email": "b@old.example" }));
    let report = verified(&app, "", &at("assertion")).await;
    assert_eq!(report["verdict"], "valid", "{report:#}");
    assert_eq!(world.asked(), [at("assertion"), at("class"), at("issuer")]);
    // That it was withdrawn is known seconds later.
    world.answer(&at("assertion"), 410, "", "");
    app.clock.forward(11_000);
    let copy = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": at("assertion") });
    assert_eq!(verified(&app, &copy.to_string(), "").await["revoked"], true);
}

/// Whoever takes the proof off a presentation takes the answer to the challenge with it.
#[tokio::test]
async fn a_challenge_is_answered_with_a_signature_or_not_at_all() {
    let app = App::start().await;
    let body = |options: Value| json!({ "verifiablePresentation": presentation(&[]), "options": options });
    let path = "/vc/anybody/presentations/verify";
    app.post(path, body(json!({}))).await.expect(200);
    for options in [json!({ "challenge": "c-1" }), json!({ "domain": "shop.example" })] {
        let answer = app.post(path, body(options.clone())).await.expect(400);
        assert_eq!(answer["errors"][0]["check"], "proof", "{options}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("the document has no proof"), "{answer:#}");
    }
}

/// A credential whose blank nodes are all alike and all tied to each other, with a proof in good form.
fn poisoned(issuer: &Issuer) -> Value {
    let mut credential = issuer.issue(json!({}), &[]);
    let mut knots = Vec::new();
    for from in 0..12 {
        for to in (0..12).filter(|to| *to != from) {
            knots.push(json!({ "id": format!("_:e{from}"), "endorsement": { "id": format!("_:e{to}") } }));
        }
    }
    credential["evidence"] = Value::Array(knots);
    credential
}

#[tokio::test]
async fn what_is_dear_to_verify_keeps_nobody_waiting() {
    let world = Arc::new(World::default());
    let app = App::start_in(Some(world.clone())).await;
    let poisoned = vec![poisoned(&Issuer::at(&world, "a.example")); 40];
    let order = std::cell::RefCell::new(String::new());
    let hostile = async {
        let answer = present(&app, &poisoned).await.expect(400);
        write!(order.borrow_mut(), "hostile").unwrap();
        answer
    };
    let others = async {
        for _ in 0..5 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let health = app.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
            assert_eq!(health.status, 200);
        }
        write!(order.borrow_mut(), "others, ").unwrap();
    };
    let (answer, ()) = tokio::join!(hostile, others);
    assert_eq!(order.into_inner(), "others, hostile");
    let said = answer["errors"].as_array().unwrap().iter().filter(|error| error["check"] == "proof");
    let said: Vec<&str> = said.map(|error| error["message"].as_str().unwrap()).collect();
    assert!(said[0].contains("entangled beyond the limit of 100000 steps"), "{}", said[0]);
    assert!(said[39].contains("needs more than the 500000 steps of work that are allowed"), "{}", said[39]);
}
