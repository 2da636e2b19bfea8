//! Pages, from the first look at an award to a verifier's answer.

use axum::body::Body;
use axum::http::Request;
use laurel_core::credentials::Credential;
use laurel_core::id::Partitions;
use laurel_core::status::{Changed, Purpose, StatusDocument, Topic};
use laurel_openbadges::Timestamp;
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use laurel_openbadges::status::{Bitstring, MINIMUM_ENTRIES, StatusListCredential, StatusPurpose};
use serde_json::{Value, json};

use crate::app::{Answer, App};

const BASE: &str = "https://badges.example.org";

/// An award of an achievement to Ada, not yet signed; its public id, and her page.
pub(crate) async fn award(app: &App) -> (Value, String) {
    app.organisation("acme").await;
    award_of(app, &app.achievement("acme").await).await
}

/// An award of this achievement to Ada.
pub(crate) async fn award_of(app: &App, achievement: &str) -> (Value, String) {
    let ada = json!({
        "kind": "person", "name": "Ada <b>Lovelace</b>",
        "identifiers": [{ "type": "email", "address": "ada@example.org" }],
    });
    let ada = app.post("/v1/organisations/acme/subjects", ada).await.expect(201);
    let body = json!({ "subject": ada["id"], "achievement": achievement }).to_string();
    let request = Request::post("/v1/organisations/acme/awards")
        .header("authorization", format!("Bearer {}", app.admin))
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    let award = app.send(request.body(Body::from(body)).unwrap()).await.expect(201);
    (award, ada["page"].as_str().unwrap().replace(BASE, ""))
}

/// Signs the award with the organisation's key (the first that the double makes) and publishes its status lists.
pub(crate) async fn sign_award(app: &App) -> Vec<u8> {
    let mut seed = [7; 32];
    seed[..8].fill(0);
    let key = SigningKey::from_seed(&seed);
    let store = &app.house.store;
    let waiting = store.unsigned_awards(Partitions::ALL, 10).await.unwrap().remove(0);
    let now = Timestamp::from_unix_millis(app.house.clock.now().0);
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, &*waiting.document.verification_method, now);
    let document = sign(&waiting.document.bytes, &key, &options).unwrap();
    let credential = Credential { award: waiting.id, document: document.clone() };
    store.insert_credentials(&[credential]).await.unwrap();
    let list = store.changed_status_lists(Changed::Any, None, 1).await.unwrap().remove(0);
    let list = store.changed_status_list(list).await.unwrap().unwrap();
    let topics = [
        (Topic::Purpose(Purpose::Revocation), StatusPurpose::Revocation),
        (Topic::Purpose(Purpose::Suspension), StatusPurpose::Suspension),
        (Topic::Refresh, StatusPurpose::Refresh),
    ];
    let published = topics.map(|(topic, purpose)| {
        let unsigned = StatusListCredential {
            id: format!("{BASE}/status/{}/{}", list.list.public_id, purpose.as_str()),
            issuer: key.did_key().to_string(),
            purpose,
            valid_from: now,
            valid_until: None,
            ttl_millis: None,
        };
        let bytes = unsigned.to_bytes(&Bitstring::new(MINIMUM_ENTRIES).unwrap());
        StatusDocument { topic, digest: [0; 32], bytes: sign(&bytes, &key, &options).unwrap() }
    });
    store.publish_status_list(&list, &published, app.house.clock.now()).await.unwrap();
    document
}

async fn get(app: &App, path: &str, accept: &str) -> Answer {
    app.send(Request::get(path).header("accept", accept).body(Body::empty()).unwrap()).await
}

async fn present(app: &App, field: &str, value: &[u8]) -> Answer {
    let mut body = format!("--x\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(value);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/verify").header("content-type", "multipart/form-data; boundary=x");
    app.send(request.body(Body::from(body)).unwrap()).await
}

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

#[tokio::test]
async fn a_credential_from_award_to_answer() {
    let app = App::start().await;
    let (award, earner) = award(&app).await;
    let place = format!("/credentials/{}", award["public_id"].as_str().unwrap());

    let pending = get(&app, &place, BROWSER).await;
    assert_eq!((pending.status.as_u16(), pending.headers["retry-after"].to_str().unwrap()), (202, "2"));
    assert!(pending.text().contains("is being signed"));
    assert_eq!(get(&app, &place, "application/json").await.status, 202);

    let document = sign_award(&app).await;
    let page = get(&app, &place, BROWSER).await;
    let html = page.text();
    assert_eq!(page.status, 200, "{html}");
    assert!(
        html.contains("EV Technician") && html.contains("Ada &#60;b&#62;Lovelace") && !html.contains("ada@"),
        "{html}"
    );
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert_eq!(page.headers["x-robots-tag"], "noindex");
    for media in ["application/vc+ld+json", "application/ld+json", "application/json", "application/vc"] {
        let machine = get(&app, &place, media).await;
        assert_eq!((machine.headers["content-type"].to_str().unwrap(), &machine.bytes), (media, &document));
    }
    let kept = get(&app, &format!("{place}/credential.json"), BROWSER).await;
    assert!(kept.bytes == document && kept.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(get(&app, &format!("{place}/emblem.svg"), BROWSER).await.text().starts_with("<svg"));
    let card = get(&app, &format!("{place}/og.png"), "*/*").await;
    assert!(card.bytes.starts_with(b"\x89PNG") && card.headers["content-type"] == "image/png");

    let shelf = get(&app, &earner, BROWSER).await.text();
    assert!(shelf.contains(&place) && !shelf.contains("ada@") && !shelf.contains("<b>"), "{shelf}");
    let asked = get(&app, &format!("/verify?url={BASE}{place}"), BROWSER).await.text();
    assert!(asked.contains("This credential is valid.") && asked.contains("see its page"), "{asked}");
}

#[tokio::test]
async fn what_is_presented_is_judged() {
    let app = App::start().await;
    award(&app).await;
    let document = sign_award(&app).await;
    let good = present(&app, "document", &document).await;
    assert!(good.status == 200 && good.text().contains("This credential is valid."), "{}", good.text());
    let said: Value = serde_json::from_slice(&document).unwrap();
    for (who, outcome, verdict) in [
        (said["credentialSubject"]["id"].as_str().unwrap(), "pass", "valid"),
        ("email:eve@example.org", "fail", "invalid"),
    ] {
        let request = Request::post(format!("/v1/verify?recipient={who}")).body(Body::from(document.clone())).unwrap();
        let report = app.send(request).await.expect(200);
        let check = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "recipient").unwrap();
        assert_eq!((&check["outcome"], &report["verdict"]), (&json!(outcome), &json!(verdict)), "{report:#}");
    }
    let changed = String::from_utf8(document).unwrap().replace("Works on EVs.", "Works on <i>EVs</i>.");
    let answer = present(&app, "file", changed.as_bytes()).await.text();
    assert!(
        answer.contains("not genuine") && answer.contains("Do not rely") && !answer.contains("see its page"),
        "{answer}"
    );
    let nonsense = present(&app, "document", b"<script>alert(1)</script>").await.text();
    assert!(nonsense.contains("This is not a credential.") && !nonsense.contains("<script"), "{nonsense}");
}

#[tokio::test]
async fn nothing_is_fetched_without_a_way_out() {
    let app = App::start().await;
    let elsewhere = present(&app, "url", b"https://elsewhere.example/credential").await;
    assert!(elsewhere.status == 422 && elsewhere.text().contains("this host does not fetch"), "{}", elsewhere.text());
    for bad in ["file:///etc/passwd", "http://169.254.169.254/", "https://user@host/", "", "<b>"] {
        let answer = present(&app, "url", bad.as_bytes()).await;
        assert!(answer.status == 422 && !answer.text().contains("<b>"), "{bad}: {}", answer.text());
    }
    let large = present(&app, "document", &vec![b' '; 5 * 1024 * 1024]).await;
    assert!(large.status == 413 && large.text().contains("too much"), "{}", large.text());
    let linked = get(&app, "/verify?url=https://elsewhere.example/credential", BROWSER).await;
    assert!(linked.status == 200 && linked.text().contains("value=\"https://elsewhere.example/credential\""));
}

#[tokio::test]
async fn what_is_not_there_is_told_kindly() {
    let app = App::start().await;
    for place in ["/credentials/x", "/credentials/00000000000000000000000000000001", "/earners/1", "/achievements/1"] {
        let answer = get(&app, place, BROWSER).await;
        assert!(answer.status == 404 && answer.text().contains("Nothing here"), "{place}: {}", answer.text());
    }
    get(&app, "/credentials/x", "application/json").await.problem(404, "not-found");
    for place in ["/", "/verify"] {
        assert_eq!(get(&app, place, BROWSER).await.status, 200);
    }
}

#[tokio::test]
async fn an_achievement_for_people_and_for_machines() {
    let app = App::start().await;
    app.organisation("acme").await;
    let place = format!("/achievements/{}", app.achievement("acme").await);
    let html = get(&app, &place, BROWSER).await.text();
    assert!(html.contains("EV Technician") && html.contains("Pass both tests.") && html.contains("Acme Academy"));
    let document = get(&app, &place, "application/ld+json").await.expect(200);
    assert_eq!((&document["id"], &document["type"][0]), (&json!(format!("{BASE}{place}")), &json!("Achievement")));
    assert!(get(&app, &format!("{place}/emblem.svg?version=1"), "*/*").await.text().starts_with("<svg"));
}
