//! Awards in the form of Open Badges 2.0.

use axum::body::Body;
use axum::http::Request;
use laurel_openbadges::Limits;
use laurel_openbadges::baking::{BakedVersion, unbake};
use serde_json::{Value, json};

use crate::app::App;
use crate::pages::{award_of, sign_award};

const BASE: &str = "https://badges.example.org";

/// A house with a signed credential of an organisation that says enough of itself; its award.
async fn awarded(app: &App) -> Value {
    let acme = json!({
        "slug": "acme", "name": "Acme Academy", "url": "https://acme.example", "email": "badges@acme.example",
    });
    app.post("/v1/organisations", acme).await.expect(201);
    let (award, _) = award_of(app, &app.achievement("acme").await).await;
    sign_award(app).await;
    award
}

fn place(award: &Value) -> String {
    format!("/credentials/{}", award["public_id"].as_str().unwrap())
}

/// The document at an address of ours.
async fn at(app: &App, url: &Value) -> Value {
    let answer = app.get(url.as_str().unwrap().strip_prefix(BASE).unwrap()).await;
    assert_eq!(answer.headers["content-type"], "application/ld+json");
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    answer.expect(200)
}

async fn verified(app: &App, document: &Value) -> Value {
    let request = Request::post("/v1/verify").body(Body::from(document.to_string())).unwrap();
    app.send(request).await.expect(200)
}

#[tokio::test]
async fn three_documents_of_one_award() {
    let app = App::start().await;
    let award = awarded(&app).await;
    let place = place(&award);
    let credential = app.get(&format!("{place}/credential.json")).await.json();
    let assertion = at(&app, &json!(format!("{BASE}{place}/assertion.json"))).await;
    assert_eq!(assertion["id"], format!("{BASE}{place}/assertion.json"));
    assert_eq!(assertion["recipient"]["identity"], credential["credentialSubject"]["id"]);
    assert_eq!(assertion["issuedOn"], credential["awardedDate"]);
    assert_eq!(assertion["verification"]["type"], "HostedBadge");
    let class = at(&app, &assertion["badge"]).await;
    assert_eq!((&class["id"], &class["name"]), (&assertion["badge"], &json!("EV Technician")));
    assert_eq!(class["criteria"]["narrative"], "Pass both tests.");
    let emblem = app.get(class["image"].as_str().unwrap().strip_prefix(BASE).unwrap()).await;
    assert!(emblem.text().starts_with("<svg"));
    let issuer = at(&app, &class["issuer"]).await;
    assert_eq!((&issuer["id"], &issuer["email"]), (&class["issuer"], &json!("badges@acme.example")));
    let report = verified(&app, &assertion).await;
    assert_eq!((&report["verdict"], &report["issuer"]), (&json!("valid"), &issuer["id"]), "{report:#}");
    let mut changed = assertion.clone();
    changed["recipient"]["identity"] = json!("mailto:eve@example.org");
    assert_eq!(verified(&app, &changed).await["verdict"], "invalid");
    let page = Request::get(&place).header("accept", "text/html").body(Body::empty()).unwrap();
    let page = app.send(page).await.text();
    assert!(page.contains("assertion.json") && page.contains("open-badges=2.0"), "{page}");
}

#[tokio::test]
async fn what_was_revoked_is_gone() {
    let app = App::start().await;
    let award = awarded(&app).await;
    let hosted = format!("{}/assertion.json", place(&award));
    let before = app.get(&hosted).await.expect(200);
    let revocation = format!("/v1/organisations/acme/awards/{}/revoke", award["id"].as_str().unwrap());
    app.post(&revocation, json!({ "reason": "Given by mistake" })).await.expect(200);
    let after = app.get(&hosted).await.expect(410);
    assert_eq!((&after["revoked"], &after["revocationReason"]), (&json!(true), &json!("Given by mistake")));
    let report = verified(&app, &before).await;
    assert_eq!((&report["verdict"], &report["revoked"]), (&json!("invalid"), &json!(true)), "{report:#}");
}

#[tokio::test]
async fn a_picture_for_those_who_know_only_the_older_version() {
    let app = App::start().await;
    let award = awarded(&app).await;
    let place = place(&award);
    for kind in ["svg", "png"] {
        let picture = app.get(&format!("{place}/badge.{kind}?open-badges=2.0")).await;
        assert_eq!(picture.status, 200, "{}", picture.text());
        let baked = unbake(&picture.bytes, &Limits::default()).unwrap().unwrap();
        assert_eq!((baked.version, baked.text), (BakedVersion::V2, format!("{BASE}{place}/assertion.json")));
    }
    assert_eq!(app.get(&format!("{place}/badge.png?open-badges=1.0")).await.status, 400);
}

#[tokio::test]
async fn an_issuer_who_says_too_little_has_no_older_form() {
    let app = App::start().await;
    app.organisation("acme").await;
    let (award, _) = award_of(&app, &app.achievement("acme").await).await;
    let hosted = format!("{}/assertion.json", place(&award));
    let told = app.get(&hosted).await.problem(409, "conflict");
    assert!(told["detail"].as_str().unwrap().contains("home page"), "{told}");
    for nothing in ["/issuers/x", "/credentials/x/assertion.json", "/achievements/x/badge-class.json"] {
        app.get(nothing).await.problem(404, "not-found");
    }
}
