//! Clients that want more than they were given, and people who found something that was not theirs.

use axum::http::Method;
use laurel_core::clients::ClientScope;
use serde_json::{Value, json};

use crate::app::{Answer, App};
use crate::backpack::{badge, connected, post};
use crate::wallet::{Browser, VERIFIER, Wallet, call, form, hidden, parameter, person, refusal, register, status_info};

const READ: [ClientScope; 1] = [ClientScope::CredentialReadonly];
const OFFLINE: [ClientScope; 2] = [ClientScope::CredentialReadonly, ClientScope::OfflineAccess];

struct Scene {
    app: App,
    browser: Browser,
    wallet: Wallet,
}

async fn scene() -> Scene {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let browser = Browser::signed_in(&app, ada["id"].as_str().unwrap()).await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    Scene { app, browser, wallet }
}

async fn reads(app: &App, tokens: &Value) -> u16 {
    call(app, tokens, "GET", "credentials", "", b"").await.status.as_u16()
}

#[tokio::test]
async fn a_code_used_twice_ends_what_it_gave() {
    let Scene { app, mut browser, wallet } = scene().await;
    let code = wallet.code(&app, &mut browser, &OFFLINE).await;
    let tokens = wallet.redeem(&app, &code, &[]).await.expect(200);
    assert_eq!(reads(&app, &tokens).await, 200);
    refusal(wallet.redeem(&app, &code, &[]).await, 400, "invalid_grant");
    assert_eq!(reads(&app, &tokens).await, 401);
    refusal(wallet.refresh(&app, tokens["refresh_token"].as_str().unwrap()).await, 400, "invalid_grant");
}

#[tokio::test]
async fn two_at_once_get_tokens_at_most_once() {
    let Scene { app, mut browser, wallet } = scene().await;
    let code = wallet.code(&app, &mut browser, &READ).await;
    let (one, two) = tokio::join!(wallet.redeem(&app, &code, &[]), wallet.redeem(&app, &code, &[]));
    let given: Vec<Answer> = [one, two].into_iter().filter(|answer| answer.status == 200).collect();
    assert!(given.len() <= 1);
    for answer in given {
        assert_eq!(reads(&app, &answer.json()).await, 401, "and the second use ended it");
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier_and_its_place() {
    let Scene { app, mut browser, wallet } = scene().await;
    let other = format!("{VERIFIER}x");
    for wrong in [
        ("code_verifier", other.as_str()),
        ("code_verifier", "short"),
        ("redirect_uri", "https://wallet.example/cb"),
        ("redirect_uri", "https://wallet.example/cb?from=laurel&"),
    ] {
        let code = wallet.code(&app, &mut browser, &READ).await;
        refusal(wallet.redeem(&app, &code, &[wrong]).await, 400, "invalid_grant");
        refusal(wallet.redeem(&app, &code, &[]).await, 400, "invalid_grant");
    }
    for missing in ["code_verifier", "redirect_uri", "code", "grant_type"] {
        let code = wallet.code(&app, &mut browser, &READ).await;
        refusal(
            wallet.redeem(&app, &code, &[(missing, "")]).await,
            400,
            if missing == "grant_type" { "unsupported_grant_type" } else { "invalid_request" },
        );
    }
    let code = wallet.code(&app, &mut browser, &READ).await;
    app.clock.forward(2 * 60 * 1000);
    refusal(wallet.redeem(&app, &code, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn another_clients_code_and_tokens_are_not_ones_own() {
    let Scene { app, mut browser, wallet } = scene().await;
    let thief = Wallet { redirect: wallet.redirect.clone(), ..Wallet::register(&app, "thief.example").await };
    let code = wallet.code(&app, &mut browser, &OFFLINE).await;
    refusal(thief.redeem(&app, &code, &[]).await, 400, "invalid_grant");
    let tokens = wallet.redeem(&app, &code, &[]).await.expect(200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    refusal(thief.refresh(&app, refresh).await, 400, "invalid_grant");
    refusal(thief.post(&app, "revoke", &[("token", refresh)]).await, 400, "invalid_grant");
    assert_eq!(reads(&app, &tokens).await, 200, "nobody else can end it");
    // A refresh token reads nothing, and an access token refreshes nothing.
    assert_eq!(reads(&app, &json!({ "access_token": refresh })).await, 401);
    refusal(wallet.refresh(&app, tokens["access_token"].as_str().unwrap()).await, 400, "invalid_grant");
    for (id, secret) in [
        (wallet.id.as_str(), thief.secret.as_str()),
        (wallet.id.as_str(), ""),
        ("nonsense", wallet.secret.as_str()),
        ("", ""),
    ] {
        let stranger = Wallet { id: id.to_owned(), secret: secret.to_owned(), redirect: wallet.redirect.clone() };
        let answer = stranger.refresh(&app, refresh).await;
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        refusal(answer, 401, "invalid_client");
    }
    wallet.refresh(&app, refresh).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_everything() {
    let Scene { app, mut browser, wallet } = scene().await;
    let first = wallet.connect(&app, &mut browser, &OFFLINE).await;
    let stolen = first["refresh_token"].as_str().unwrap();
    let second = wallet.refresh(&app, stolen).await.expect(200);
    refusal(wallet.refresh(&app, stolen).await, 400, "invalid_grant");
    for tokens in [&first, &second] {
        assert_eq!(reads(&app, tokens).await, 401);
    }
    refusal(wallet.refresh(&app, second["refresh_token"].as_str().unwrap()).await, 400, "invalid_grant");
}

#[tokio::test]
async fn nobody_gets_more_than_the_earner_allowed() {
    let Scene { app, mut browser, wallet } = scene().await;
    let more = ClientScope::write_list(&[ClientScope::CredentialReadonly, ClientScope::CredentialUpsert]);
    let code = wallet.code(&app, &mut browser, &OFFLINE).await;
    refusal(wallet.redeem(&app, &code, &[("scope", &more)]).await, 400, "invalid_scope");
    let tokens = wallet.redeem(&app, &code, &[]).await.expect(200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", more.as_str())];
    refusal(wallet.post(&app, "token", &fields).await, 400, "invalid_scope");
    status_info(post(&app, &tokens, b"{}").await, 403, "forbidden");
    status_info(call(&app, &tokens, "GET", "profile", "", b"").await, 403, "forbidden");
    status_info(call(&app, &tokens, "PUT", "profile", "application/json", b"{}").await, 403, "forbidden");
    // Nor more than it registered for.
    let metadata = json!({
        "client_name": "Reader", "client_uri": "https://reader.example", "redirect_uris": ["https://reader.example/cb"],
    });
    let registered = register(&app, &metadata).await.expect(201);
    let reader = Wallet {
        id: registered["client_id"].as_str().unwrap().to_owned(),
        secret: String::new(),
        redirect: "https://reader.example/cb".to_owned(),
    };
    let answer = browser.get(&app, &reader.question(&[ClientScope::ProfileUpdate])).await;
    assert_eq!(parameter(&answer, "error").as_deref(), Some("invalid_scope"));
    // A token of an organisation is none of the earner's, and the other way round.
    assert_eq!(reads(&app, &json!({ "access_token": app.admin })).await, 401);
    app.call(tokens["access_token"].as_str().unwrap(), "GET", "/v1/organisations/acme", &Value::Null)
        .await
        .problem(401, "unauthorized");
}

#[tokio::test]
async fn one_earner_never_sees_the_badges_of_another() {
    let app = App::start().await;
    app.organisation("acme").await;
    let (ada, mallory) = (person(&app, "Ada").await, person(&app, "Mallory").await);
    let (adas, mallorys) = (connected(&app, &ada["id"]).await, connected(&app, &mallory["id"]).await);
    let document = badge("urn:uuid:1", "Helper", "2026-02-01T09:00:00Z");
    assert_eq!(post(&app, &adas, &document).await.status, 201);
    let seen = call(&app, &mallorys, "GET", "credentials", "", b"").await;
    assert_eq!((seen.headers["x-total-count"].to_str().unwrap(), seen.text().contains("urn:uuid:1")), ("0", false));
    // The same badge in another backpack is another one.
    assert_eq!(post(&app, &mallorys, &document).await.status, 201);
    assert_eq!(post(&app, &mallorys, &badge("urn:uuid:1", "Changed", "2026-02-01T09:00:00Z")).await.status, 200);
    assert!(!call(&app, &adas, "GET", "credentials", "", b"").await.text().contains("Changed"));
    let profile = call(&app, &mallorys, "GET", "profile", "", b"").await.expect(200);
    assert_eq!(profile["name"], "Mallory");
}

#[tokio::test]
async fn a_question_with_a_fault_is_answered_where_it_is_safe() {
    let Scene { app, mut browser, wallet } = scene().await;
    // Who asks, or where to answer, is not known: the browser stays here.
    for fault in [
        ("client_id", "00000000000000000000000000000000"),
        ("client_id", "x"),
        ("client_id", ""),
        ("redirect_uri", "https://evil.example/cb"),
        ("redirect_uri", "https://wallet.example/cb"),
        ("redirect_uri", ""),
    ] {
        let answer = browser.get(&app, &wallet.question_with(&[fault])).await;
        assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (400, None), "{fault:?}");
        assert!(answer.text().contains("cannot be connected"));
    }
    let twice = format!("{}&client_id=1", wallet.question(&READ));
    assert_eq!(browser.get(&app, &twice).await.status, 400);
    for (fault, code) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "tooshort"), "invalid_request"),
        (("scope", "admin"), "invalid_scope"),
        (("scope", ""), "invalid_scope"),
    ] {
        let answer = browser.get(&app, &wallet.question_with(&[fault])).await;
        assert_eq!(parameter(&answer, "error").as_deref(), Some(code), "{fault:?}");
        assert_eq!(parameter(&answer, "state").as_deref(), Some("s t&a=te"));
        // Somebody who is not signed in is not sent elsewhere by a faulty question.
        assert_eq!(Browser::default().get(&app, &wallet.question_with(&[fault])).await.headers.get("location"), None);
    }
}

#[tokio::test]
async fn no_other_site_says_yes_for_the_earner() {
    let Scene { app, mut browser, wallet } = scene().await;
    let page = browser.get(&app, &wallet.question(&READ)).await.text();
    let fields = hidden(&page);
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("answer", "allow"));
    let place = "/ims/ob/v3p0/authorize";
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let refused = [
        browser.send(&app, Method::POST, place, form(&fields), &elsewhere).await,
        Browser::default().submit(&app, place, &fields).await,
    ];
    for token in ["", "0"] {
        let mut forged = fields.clone();
        forged.retain(|(name, _)| *name != "form_token");
        forged.push(("form_token", token));
        let answer = browser.submit(&app, place, &forged).await;
        assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (403, None));
    }
    for answer in refused {
        assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (403, None));
    }
    // The answer is checked again: what was asked cannot be changed on the way.
    let mut changed = fields.clone();
    changed.retain(|(name, _)| *name != "redirect_uri");
    changed.push(("redirect_uri", "https://evil.example/cb"));
    assert_eq!(browser.submit(&app, place, &changed).await.status, 400);
    assert_eq!(browser.submit(&app, place, &fields).await.status, 303);
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_only_words() {
    let Scene { app, mut browser, .. } = scene().await;
    let metadata = json!({
        "client_name": "<script>alert(1)</script> {{ 7*7 }}", "client_uri": "https://x.example/\"onload=\"1",
        "redirect_uris": ["https://x.example/cb"],
    });
    refusal(register(&app, &metadata).await, 400, "invalid_client_metadata");
    let metadata = json!({
        "client_name": "<script>alert(1)</script> {{ 7*7 }}", "client_uri": "https://x.example/?a='b'&c",
        "redirect_uris": ["https://x.example/cb"],
    });
    let registered = register(&app, &metadata).await.expect(201);
    let id = registered["client_id"].as_str().unwrap().to_owned();
    let wallet = Wallet { id, secret: String::new(), redirect: "https://x.example/cb".to_owned() };
    let page = browser.get(&app, &wallet.question(&READ)).await.text();
    assert!(!page.contains("<script") && page.contains("{{ 7*7 }}") && !page.contains("='b'"), "{page}");
}

#[tokio::test]
async fn bodies_are_bounded_and_read_strictly() {
    let Scene { app, wallet, .. } = scene().await;
    let large = "x".repeat(70_000);
    assert_eq!(register(&app, &json!({ "client_name": large })).await.status, 413);
    assert!(wallet.post(&app, "token", &[("code", &large)]).await.status.is_client_error());
    assert!(wallet.post(&app, "revoke", &[("token", &large)]).await.status.is_client_error());
    refusal(wallet.post(&app, "token", &[("grant_type", "a"), ("grant_type", "b")]).await, 400, "invalid_request");
    refusal(wallet.post(&app, "token", &[]).await, 400, "invalid_request");
    refusal(wallet.post(&app, "token", &[("grant_type", "password")]).await, 400, "unsupported_grant_type");
    refusal(wallet.post(&app, "revoke", &[]).await, 400, "invalid_request");
    for metadata in [json!([]), json!("x"), json!({ "redirect_uris": 7 })] {
        refusal(register(&app, &metadata).await, 400, "invalid_client_metadata");
    }
    let metadata =
        json!({ "client_name": "X", "client_uri": "https://x.example", "redirect_uris": ["https://evil.example"] });
    refusal(register(&app, &metadata).await, 400, "invalid_redirect_uri");
}
