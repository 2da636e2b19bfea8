//! Organisations, keys, subjects, achievements.

use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn an_organisation_is_ready_to_issue() {
    let app = App::start().await;
    let made = app.organisation("acme").await;
    assert!(made["did"].as_str().unwrap().starts_with("did:key:z6Mk"), "{made}");
    let by_slug = app.get("/v1/organisations/acme").await.expect(200);
    let by_id = app.get(&format!("/v1/organisations/{}", made["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&by_slug, &by_id), (&made, &made));
    let keys = app.get("/v1/organisations/acme/keys").await.expect(200);
    assert_eq!(keys["items"][0]["state"], "active");
    assert!(keys["items"][0].get("sealed").is_none());
    app.post("/v1/organisations", json!({ "slug": "acme", "name": "Other" })).await.problem(409, "conflict");
    let changed = app
        .call(&app.admin, "PUT", "/v1/organisations/acme", &json!({ "name": "Acme", "url": "https://acme.example" }))
        .await
        .expect(200);
    assert_eq!((&changed["name"], &changed["slug"]), (&json!("Acme"), &json!("acme")));
}

#[tokio::test]
async fn an_organisation_says_where_it_is_and_where_it_is_registered() {
    let app = App::start().await;
    app.organisation("acme").await;
    let particulars = json!({
        "phone": "+43 1 2345", "official": "Ada Lovelace",
        "address": { "street": "Ring 1", "postal_code": "1010", "locality": "Wien", "country_code": "AT" },
        "other_identifiers": [{ "identifier": "FN 1234a", "identifier_type": "ext:Firmenbuch" }],
    });
    let put = async |particulars: &Value| {
        let body = json!({ "name": "Acme", "url": "https://acme.example", "email": "a@acme.example", "particulars": particulars });
        app.call(&app.admin, "PUT", "/v1/organisations/acme", &body).await
    };
    let changed = put(&particulars).await.expect(200);
    assert_eq!(changed["particulars"], particulars);
    let issuer = app.get(&format!("/issuers/{}", changed["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(issuer["telephone"], "+43 1 2345", "the form of Open Badges 2.0");
    for (wrong, place) in [
        (json!({ "image": "00000000-0000-0000-0000-000000000001" }), "/particulars/image"),
        (json!({ "address": { "country_code": "Austria" } }), "/particulars/address/country_code"),
        (
            json!({ "other_identifiers": [{ "identifier": "1", "identifier_type": "VAT" }] }),
            "/particulars/other_identifiers/0/identifier_type",
        ),
    ] {
        let problem = put(&wrong).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], place, "{problem}");
    }
}

#[tokio::test]
async fn organisations_are_paged() {
    let app = App::start().await;
    for slug in ["a", "b", "c"] {
        app.organisation(slug).await;
    }
    let first = app.get("/v1/organisations?limit=2").await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = app.get(&format!("/v1/organisations?limit=2&after={next}")).await.expect(200);
    assert_eq!(second["items"][0]["slug"], "c");
    assert!(second.get("next").is_none());
    app.get("/v1/organisations?limit=0").await.problem(400, "malformed");
    app.get("/v1/organisations?page=2").await.problem(400, "malformed");
}

#[tokio::test]
async fn an_issuer_with_a_domain_rotates_its_keys() {
    let app = App::start().await;
    let issuer = json!({ "method": "did-web", "domain": "badges.example.org", "path": ["acme"] });
    let made = app.post("/v1/organisations", json!({ "slug": "acme", "name": "Acme", "issuer": issuer })).await;
    assert_eq!(made.expect(201)["did"], "did:web:badges.example.org:acme");
    let first = app.get("/v1/organisations/acme/keys").await.expect(200)["items"][0]["id"].clone();
    app.post("/v1/organisations/acme/keys", Value::Null).await.expect(201);
    let document = app.get("/acme/did.json").await.expect(200);
    assert_eq!(document["verificationMethod"].as_array().unwrap().len(), 2, "a retired key still verifies");
    let state = format!("/v1/organisations/acme/keys/{}/state", first.as_str().unwrap());
    app.call(&app.admin, "PUT", &state, &json!({ "state": "compromised" })).await.expect(200);
    let document = app.get("/acme/did.json").await.expect(200);
    assert_eq!(document["verificationMethod"].as_array().unwrap().len(), 1);
    app.organisation("other").await;
    app.post("/v1/organisations/other/keys", Value::Null).await.problem(409, "conflict");
    app.get("/other/did.json").await.problem(404, "not-found");
}

#[tokio::test]
async fn subjects_are_found_linked_and_merged() {
    let app = App::start().await;
    app.organisation("acme").await;
    let subjects = "/v1/organisations/acme/subjects";
    let ada = json!({
        "kind": "person", "name": "Ada", "identifiers": [{ "type": "email", "address": "Ada@Example.org" }]
    });
    let ada = app.post(subjects, ada).await.expect(201);
    assert_eq!(ada["identifiers"][0]["identifier"]["address"], "ada@example.org");
    let account = json!({ "type": "account", "home_page": "https://lms.example.org/", "name": "17" });
    let path = format!("{subjects}/{}", ada["id"].as_str().unwrap());
    app.post(&format!("{path}/identifiers"), account.clone()).await.expect(201);
    app.post(&format!("{path}/identifiers"), account.clone()).await.expect(200);
    let found = app.get("/v1/organisations/acme/subject?identifier=https://lms.example.org%2317").await.expect(200);
    assert_eq!(found["id"], ada["id"]);
    let did = json!({ "type": "did", "did": "did:web:ada.example" });
    let twin = app.post(subjects, json!({ "kind": "person", "identifiers": [did] })).await.expect(201);
    let twin_path = format!("{subjects}/{}", twin["id"].as_str().unwrap());
    app.post(&format!("{twin_path}/identifiers"), account).await.problem(409, "conflict");
    let merged = app.post(&format!("{path}/merge"), json!({ "from": twin["id"] })).await.expect(200);
    assert_eq!((&merged["id"], merged["identifiers"].as_array().unwrap().len()), (&ada["id"], 3));
    assert_eq!(app.get(&twin_path).await.expect(200)["merged_into"], ada["id"]);
    app.call(&app.admin, "PUT", &format!("{path}/name"), &json!({ "name": "Ada Lovelace" })).await.expect(200);
    assert_eq!(app.get(subjects).await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_achievement_has_immutable_versions() {
    let app = App::start().await;
    app.organisation("acme").await;
    let id = app.achievement("acme").await;
    let path = format!("/v1/organisations/acme/achievements/{id}");
    let mut text = app.get(&path).await.expect(200)["version"]["text"].clone();
    let same = app.post(&format!("{path}/versions"), text.clone()).await.expect(201);
    assert_eq!(same["number"], 1, "the same text is no new version");
    text["criteria"] = json!("Pass three tests.");
    assert_eq!(app.post(&format!("{path}/versions"), text.clone()).await.expect(201)["number"], 2);
    let versions = app.get(&format!("{path}/versions")).await.expect(200);
    assert_eq!(versions["items"][0]["text"]["criteria"], "Pass both tests.");
    app.post(&format!("{path}/archive"), Value::Null).await.expect(200);
    text["criteria"] = json!("Pass four tests.");
    app.post(&format!("{path}/versions"), text).await.problem(409, "conflict");
}
