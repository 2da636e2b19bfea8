//! Pictures for achievements.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::app::App;
use crate::pages::{award_of, sign_award};

async fn bring(app: &App, picture: &'static [u8]) -> crate::app::Answer {
    bring_to(app, "acme", picture).await
}

async fn bring_to(app: &App, organisation: &str, picture: &'static [u8]) -> crate::app::Answer {
    let request = Request::post(format!("/v1/organisations/{organisation}/images"))
        .header("authorization", format!("Bearer {}", app.admin));
    app.send(request.body(Body::from(picture)).unwrap()).await
}

const DRAWING: &[u8] =
    br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><script>alert(1)</script><rect width="9" height="9"/></svg>"#;

#[tokio::test]
async fn a_drawing_is_kept_as_shapes_and_shown_as_the_emblem() {
    let app = App::start().await;
    app.organisation("acme").await;
    let kept = bring(&app, DRAWING).await.expect(201);
    assert_eq!(kept["media"], "svg");
    let id = kept["id"].as_str().unwrap();
    assert_eq!(bring(&app, DRAWING).await.expect(201)["id"], id);
    let text = json!({ "name": "Helper", "description": "Helps.", "criteria": "Help others.", "image": id });
    let body = json!({ "kind": "credential", "text": text });
    let achievement = app.post("/v1/organisations/acme/achievements", body).await.expect(201);
    let emblem = format!("/achievements/{}/emblem.svg", achievement["id"].as_str().unwrap());
    for place in [format!("/images/{id}"), emblem] {
        let shown = app.send(Request::get(&place).body(Body::empty()).unwrap()).await;
        assert_eq!((shown.status.as_u16(), shown.headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
        assert_eq!(shown.headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(shown.headers["x-content-type-options"], "nosniff");
        assert!(shown.text().contains("<path") && !shown.text().contains("script"), "{}", shown.text());
    }
}

#[tokio::test]
async fn what_is_no_picture_or_not_there_is_told() {
    let app = App::start().await;
    app.organisation("acme").await;
    bring(&app, b"%PDF-1.7").await.problem(415, "unsupported-media-type");
    bring(&app, b"\x89PNG\r\n\x1a\n cut off").await.problem(422, "invalid");
    bring(&app, b"<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"https://elsewhere.example/x.png\"/></svg>")
        .await
        .problem(422, "invalid");
    let missing = "00000000-0000-4000-8000-000000000007";
    let text = json!({ "name": "Helper", "description": "Helps.", "criteria": "Help others.", "image": missing });
    let body = json!({ "kind": "credential", "text": text });
    let refused = app.post("/v1/organisations/acme/achievements", body).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/text/image");
    app.get(&format!("/images/{missing}")).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_picture_belongs_to_one_organisation() {
    let app = App::start().await;
    app.organisation("acme").await;
    app.organisation("other").await;
    let (own, foreign) = (bring(&app, DRAWING).await.expect(201), bring_to(&app, "other", DRAWING).await.expect(201));
    assert_ne!(own["id"], foreign["id"]);
    let text = |id: &str| json!({ "name": "Helper", "description": "Helps.", "criteria": "Help others.", "image": id });
    let body = json!({ "kind": "credential", "text": text(own["id"].as_str().unwrap()) });
    let achievement = app.post("/v1/organisations/acme/achievements", body).await.expect(201);
    let versions = format!("/v1/organisations/acme/achievements/{}/versions", achievement["id"].as_str().unwrap());
    let refused = app.post(&versions, text(foreign["id"].as_str().unwrap())).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/image");
}

#[tokio::test]
async fn a_badge_is_baked_into_the_organisation_s_own_picture() {
    let app = App::start().await;
    app.organisation("acme").await;
    let id = bring(&app, DRAWING).await.expect(201)["id"].clone();
    let text = json!({ "name": "Helper", "description": "Helps.", "criteria": "Help others.", "image": id });
    let body = json!({ "kind": "credential", "text": text });
    let achievement = app.post("/v1/organisations/acme/achievements", body).await.expect(201);
    let (award, _) = award_of(&app, achievement["id"].as_str().unwrap()).await;
    sign_award(&app).await;
    let place = format!("/credentials/{}", award["public_id"].as_str().unwrap());
    for kind in ["svg", "png"] {
        let badge = app.get(&format!("{place}/badge.{kind}")).await;
        assert_eq!(badge.status, 200, "{}", badge.text());
        let baked = laurel_openbadges::baking::unbake(&badge.bytes, &laurel_openbadges::Limits::default());
        let credential: serde_json::Value = serde_json::from_str(&baked.unwrap().unwrap().text).unwrap();
        let image = &credential["credentialSubject"]["achievement"]["image"]["id"];
        assert_eq!(*image, format!("https://badges.example.org/images/{}", id.as_str().unwrap()));
    }
}
