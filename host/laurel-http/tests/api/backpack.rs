//! An earner's badges through the API: those earned here, those of others kept here byte for byte, and the profile.

use axum::body::Body;
use axum::http::Request;
use laurel_core::clients::ClientScope;
use laurel_core::credentials::Credential;
use laurel_core::id::Partitions;
use laurel_openbadges::documents::{Achievement, AchievementSubject, Criteria, OpenBadgeCredential, Profile};
use laurel_openbadges::jwt::{JwtOptions, JwtProfile, KeyReference, sign_credential};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};
use serde_json::{Value, json};

use crate::app::{Answer, App};
use crate::pages::{award, sign_award};
use crate::wallet::{BASE, Browser, Wallet, call, person, status_info};

const ISSUED: &str = "2026-02-01T09:00:00Z";
const LD: &str = "application/vc+ld+json";

fn issuer() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

fn unsigned(id: &str, name: &str, issued: &str) -> Vec<u8> {
    let criteria = Criteria::narrative("Solve ten questions in the forum.");
    let achievement = Achievement::new("https://other.example/achievements/helper", name, "Helped others.", criteria);
    let subject = AchievementSubject::new("did:example:ada", achievement);
    let issuer = Profile::named(issuer().did_key().to_string(), "Other Academy");
    OpenBadgeCredential::new(id, name, issuer, issued.parse().unwrap(), subject).to_bytes().unwrap()
}

/// A badge of another issuer, with white space that no serialiser would write.
pub(crate) fn badge(id: &str, name: &str, issued: &str) -> Vec<u8> {
    let key = issuer();
    let method = key.did_key().verification_method();
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, method, issued.parse().unwrap());
    let signed = String::from_utf8(sign(&unsigned(id, name, issued), &key, &options).unwrap()).unwrap();
    format!("\n {}\n", signed.replacen('{', "{ \t", 1)).into_bytes()
}

fn token(id: &str) -> String {
    let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Jwk);
    sign_credential(&unsigned(id, "Helper", ISSUED), &issuer(), &options).unwrap()
}

pub(crate) async fn connected(app: &App, subject: &Value) -> Value {
    let mut browser = Browser::signed_in(app, subject.as_str().unwrap()).await;
    let wallet = Wallet::register(app, "wallet.example").await;
    wallet.connect(app, &mut browser, &ClientScope::ALL).await
}

pub(crate) async fn post(app: &App, tokens: &Value, document: &[u8]) -> Answer {
    call(app, tokens, "POST", "credentials", LD, document).await
}

async fn list(app: &App, tokens: &Value, query: &str) -> Answer {
    call(app, tokens, "GET", &format!("credentials{query}"), "", b"").await
}

#[tokio::test]
async fn what_was_earned_here_and_what_is_kept_here_is_one_list() {
    let app = App::start().await;
    let (award, _) = award(&app).await;
    let tokens = connected(&app, &award["subject"]).await;
    assert_eq!(list(&app, &tokens, "").await.expect(200)["credential"], json!([]), "not signed yet");
    let own = sign_award(&app).await;
    let (older, other) = (badge("urn:uuid:1", "Helper", "2025-02-01T09:00:00Z"), token("urn:uuid:2"));
    let kept = post(&app, &tokens, &older).await;
    assert_eq!((kept.status.as_u16(), kept.headers["content-type"].to_str().unwrap()), (201, LD));
    assert_eq!(kept.bytes, older, "what comes back is what came");
    let kept = call(&app, &tokens, "POST", "credentials", "text/plain", format!("{other}\n").as_bytes()).await;
    assert_eq!((kept.status.as_u16(), kept.text()), (201, other.clone()));

    let answer = list(&app, &tokens, "").await;
    assert_eq!(answer.headers["x-total-count"], "3");
    let text = answer.text();
    for exact in [&own, older.trim_ascii()] {
        assert!(text.contains(std::str::from_utf8(exact).unwrap()), "{text}");
    }
    let all = answer.expect(200);
    assert_eq!(all["compactJwsString"], json!([other]));
    assert_eq!(all["credential"][0]["id"], "urn:uuid:1");
    assert_eq!(all["credential"][1]["id"], award["credential"]);

    // Since a moment.
    let late = list(&app, &tokens, "?since=2025-12-31T23:00:00%2B01:00").await;
    assert_eq!(late.headers["x-total-count"], "2");
    assert_eq!(list(&app, &tokens, "?since=2030-01-01T00:00:00Z").await.headers["x-total-count"], "0");
    // What does not count any more is not given.
    let path = format!("/v1/organisations/acme/awards/{}/revoke", award["id"].as_str().unwrap());
    app.post(&path, json!({ "reason": "Copied." })).await.expect(200);
    assert_eq!(list(&app, &tokens, "").await.headers["x-total-count"], "2");
}

#[tokio::test]
async fn an_earned_token_is_listed_as_one() {
    let app = App::start().await;
    let (award, _) = award(&app).await;
    let waiting = app.house.store.unsigned_awards(Partitions::ALL, 1).await.unwrap().remove(0);
    let options = JwtOptions::new(JwtProfile::OpenBadges, KeyReference::Jwk);
    let token = sign_credential(&waiting.document.bytes, &issuer(), &options).unwrap();
    let credential = Credential { award: waiting.id, document: token.clone().into_bytes() };
    app.house.store.insert_credentials(&[credential]).await.unwrap();
    let tokens = connected(&app, &award["subject"]).await;
    let listed = list(&app, &tokens, "").await.expect(200);
    assert_eq!((&listed["credential"], &listed["compactJwsString"]), (&json!([]), &json!([token])));
}

#[tokio::test]
async fn pages_have_links() {
    let app = App::start().await;
    app.organisation("acme").await;
    let tokens = connected(&app, &person(&app, "Ada").await["id"]).await;
    for n in 1..=5 {
        let document = badge(&format!("urn:uuid:{n}"), "Helper", &format!("2026-01-0{n}T00:00:00Z"));
        assert_eq!(post(&app, &tokens, &document).await.status, 201);
    }
    let page = list(&app, &tokens, "?limit=2&offset=2&since=2025-01-01T00:00:00Z").await;
    let links = page.headers["link"].to_str().unwrap().to_owned();
    let place = format!("{BASE}/ims/ob/v3p0/credentials?limit=2");
    let since = "&since=2025-01-01T00:00:00.000Z";
    for (relation, offset) in [("first", 0), ("last", 4), ("next", 4), ("prev", 0)] {
        let link = format!("<{place}&offset={offset}{since}>; rel=\"{relation}\"");
        assert!(links.contains(&link), "{link} in {links}");
    }
    let ids: Vec<Value> =
        page.expect(200)["credential"].as_array().unwrap().iter().map(|each| each["id"].clone()).collect();
    assert_eq!(ids, ["urn:uuid:3", "urn:uuid:4"]);
    let last = list(&app, &tokens, "?limit=2&offset=4").await;
    assert!(!last.headers["link"].to_str().unwrap().contains("next"));
    let whole = list(&app, &tokens, "").await;
    assert!(!whole.headers["link"].to_str().unwrap().contains("prev"));
    let beyond = list(&app, &tokens, "?offset=99").await;
    assert_eq!(beyond.expect(200)["credential"], json!([]));
    for query in ["?limit=0", "?limit=x", "?offset=-1", "?since=yesterday"] {
        status_info(list(&app, &tokens, query).await, 400, "invalid_query_parameter");
    }
}

#[tokio::test]
async fn the_same_badge_again_replaces_it() {
    let app = App::start().await;
    app.organisation("acme").await;
    let tokens = connected(&app, &person(&app, "Ada").await["id"]).await;
    assert_eq!(post(&app, &tokens, &badge("https://other.example/c/%31", "Helper", ISSUED)).await.status, 201);
    let renewed = badge("https://other.example/c/1", "Better helper", "2026-02-20T09:00:00Z");
    assert_eq!(post(&app, &tokens, &renewed).await.status, 200);
    let answer = list(&app, &tokens, "").await;
    assert_eq!(answer.headers["x-total-count"], "1");
    assert_eq!(answer.expect(200)["credential"][0]["name"], "Better helper");
}

#[tokio::test]
async fn what_does_not_verify_is_not_kept_and_why_is_told() {
    let app = App::start().await;
    app.organisation("acme").await;
    let tokens = connected(&app, &person(&app, "Ada").await["id"]).await;
    let good = String::from_utf8(badge("urn:uuid:1", "Helper", ISSUED)).unwrap();
    let plain = String::from_utf8(unsigned("urn:uuid:1", "Helper", ISSUED)).unwrap();
    for (document, word) in [
        (good.replace("Helped others", "Helped many"), "signature"),
        (plain, "proof"),
        (good.replace("\"name\":\"Helper\"", "\"nome\":\"Helper\""), "nome"),
        (good.replace("\"type\":[", "\"type\":[\"Nonsense\","), "Nonsense"),
        // A hosted badge of Open Badges 2.0 says nothing once its host is gone.
        (
            r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://a.example/1"}"#.to_owned(),
            "proof",
        ),
        ("{\"a\":1,\"a\":2}".to_owned(), "a"),
        ("[]".to_owned(), "JSON object"),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".to_owned(), "JSON object"),
        (token("urn:uuid:2"), "text/plain"),
        (String::new(), "JSON object"),
    ] {
        let why = status_info(post(&app, &tokens, document.as_bytes()).await, 400, "invalid_data");
        assert!(why.contains(word), "{word:?} in {why:?} of {document}");
    }
    let jws = token("urn:uuid:2");
    let (head, signature) = jws.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    for text in [format!("{head}.{turned}"), "a.b.c".to_owned(), good, String::new()] {
        let answer = call(&app, &tokens, "POST", "credentials", "text/plain", text.as_bytes()).await;
        assert!(!status_info(answer, 400, "invalid_data").is_empty());
    }
    status_info(call(&app, &tokens, "POST", "credentials", "image/png", b"\x89PNG").await, 415, "unknown");
    let large = vec![b' '; 1024 * 1024 + 1];
    status_info(post(&app, &tokens, &large).await, 413, "unknown");
    assert_eq!(list(&app, &tokens, "").await.headers["x-total-count"], "0", "nothing was kept");
}

#[tokio::test]
async fn what_this_host_issued_is_only_its_earners() {
    let app = App::start().await;
    let (award, _) = award(&app).await;
    let own = sign_award(&app).await;
    let tokens = connected(&app, &award["subject"]).await;
    assert_eq!(post(&app, &tokens, &own).await.status, 200, "it is here already");
    assert_eq!(list(&app, &tokens, "").await.headers["x-total-count"], "1");
    let others = connected(&app, &person(&app, "Mallory").await["id"]).await;
    let why = status_info(post(&app, &others, &own).await, 403, "forbidden");
    assert!(why.contains("somebody else"), "{why}");
    assert_eq!(list(&app, &others, "").await.headers["x-total-count"], "0");
}

#[tokio::test]
async fn a_merge_makes_two_backpacks_one() {
    let app = App::start().await;
    app.organisation("acme").await;
    let (ada, countess) = (person(&app, "Ada").await, person(&app, "Countess").await);
    let (first, second) = (connected(&app, &ada["id"]).await, connected(&app, &countess["id"]).await);
    for (tokens, ids) in [(&first, ["urn:uuid:1", "urn:uuid:2"]), (&second, ["urn:uuid:2", "urn:uuid:3"])] {
        for id in ids {
            assert_eq!(post(&app, tokens, &badge(id, "Helper", ISSUED)).await.status, 201);
        }
    }
    let path = format!("/v1/organisations/acme/subjects/{}/merge", ada["id"].as_str().unwrap());
    app.post(&path, json!({ "from": countess["id"] })).await.expect(200);
    for tokens in [&first, &second] {
        assert_eq!(list(&app, tokens, "").await.headers["x-total-count"], "3");
        let profile = call(&app, tokens, "GET", "profile", "", b"").await.expect(200);
        assert_eq!(profile["id"], ada["page"]);
    }
    // What both had is one: to replace it replaces both.
    assert_eq!(post(&app, &second, &badge("urn:uuid:2", "Expert", ISSUED)).await.status, 200);
    let names = list(&app, &first, "").await.text();
    assert_eq!((names.matches("\"Expert\"").count() > 0, names.matches("urn:uuid:2").count()), (true, 1));
}

#[tokio::test]
async fn the_profile() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let tokens = connected(&app, &ada["id"]).await;
    let profile = call(&app, &tokens, "GET", "profile", "", b"").await.expect(200);
    assert_eq!(
        (&profile["id"], &profile["type"], &profile["name"]),
        (&ada["page"], &json!(["Profile"]), &json!("Ada"))
    );
    assert!(profile["@context"].is_array() && profile.get("email").is_none());
    let put = |profile: Value| {
        let (app, tokens) = (&app, &tokens);
        async move { call(app, tokens, "PUT", "profile", "application/json", profile.to_string().as_bytes()).await }
    };
    let mut changed = profile.clone();
    changed["name"] = json!("Ada Lovelace");
    changed["email"] = json!("ADA@example.org");
    let answer = put(changed.clone()).await.expect(200);
    assert_eq!((&answer["name"], &answer["email"]), (&changed["name"], &changed["email"]));
    assert_eq!(call(&app, &tokens, "GET", "profile", "", b"").await.expect(200), answer);
    for (member, value) in [
        ("email", json!("bill@example.org")),
        ("phone", json!("111")),
        ("id", json!("https://other.example/1")),
        ("name", json!("")),
        ("name", json!(7)),
        ("type", json!("Achievement")),
    ] {
        let mut bad = changed.clone();
        bad[member] = value;
        let why = status_info(put(bad).await, 400, "invalid_data");
        assert!(why.contains(member), "{member} in {why}");
    }
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(70_000));
    status_info(call(&app, &tokens, "PUT", "profile", "application/json", large.as_bytes()).await, 413, "unknown");
    assert_eq!(call(&app, &tokens, "GET", "profile", "", b"").await.expect(200), answer, "nothing changed");
}

#[tokio::test]
async fn errors_have_the_form_of_the_api() {
    let app = App::start().await;
    let request = Request::delete("/ims/ob/v3p0/credentials").body(Body::empty()).unwrap();
    status_info(app.send(request).await, 405, "not_allowed");
    for token in [json!({}), json!({ "access_token": app.admin }), json!({ "access_token": "x".repeat(10_000) })] {
        let answer = call(&app, &token, "GET", "credentials", "", b"").await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        status_info(answer, 401, "unauthorizedrequest");
    }
}
